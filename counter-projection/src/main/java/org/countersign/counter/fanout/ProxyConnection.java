package org.countersign.counter.fanout;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A caller's connection led through to the web server, byte by byte, until either side ends it. */
final class ProxyConnection {

    private final EventLoop loop;
    private final Side caller;
    private final Side server;

    private ProxyConnection(EventLoop loop, SelectionKey callerKey, SelectionKey serverKey) {
        this.loop = loop;
        this.caller = new Side(callerKey);
        this.server = new Side(serverKey);
        caller.other = server;
        server.other = caller;
    }

    /**
     * Leads a caller through.
     *
     * @param begun what the caller has sent already
     */
    static void open(EventLoop loop, Selector selector, SelectionKey callerKey, SocketAddress server, byte[] begun)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        boolean connected;
        try {
            channel.configureBlocking(false);
            connected = channel.connect(server);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        ProxyConnection tunnel = new ProxyConnection(loop, callerKey, channel.register(selector, 0));
        callerKey.attach(tunnel.caller);
        tunnel.server.key.attach(tunnel.server);
        tunnel.server.pending = ByteBuffer.wrap(begun);
        // The caller is read from again when the server has what is there already.
        callerKey.interestOps(0);
        tunnel.server.key.interestOps(
                connected ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT);
    }

    /** One of the two sockets. */
    final class Side implements SocketHandler {

        private final SelectionKey key;
        private final SocketChannel channel;
        private Side other;
        /** What this side has no room for yet; the other is not read from meanwhile. */
        private ByteBuffer pending;

        private boolean ended;

        private Side(SelectionKey key) {
            this.key = key;
            this.channel = (SocketChannel) key.channel();
        }

        @Override
        public SelectionKey key() {
            return key;
        }

        @Override
        public void ready() throws IOException {
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
            if (key.isWritable()) {
                sendRest();
            }
            if (key.isValid() && key.isReadable()) {
                read();
            }
        }

        private void read() throws IOException {
            ByteBuffer buffer = loop.scratch();
            int count = channel.read(buffer);
            if (count < 0) {
                end();
            } else if (count > 0) {
                other.send(buffer.flip());
            }
        }

        private void end() throws IOException {
            ended = true;
            key.interestOpsAnd(~SelectionKey.OP_READ);
            if (other.pending == null) {
                other.endAfter();
            }
        }

        /** The other side has ended, and has been given everything. */
        private void endAfter() throws IOException {
            if (this == caller) {
                // The web server has said all: it closes where it wants no further request.
                loop.close(this);
            } else {
                channel.shutdownOutput();
            }
        }

        private void send(ByteBuffer bytes) throws IOException {
            channel.write(bytes);
            if (bytes.hasRemaining()) {
                pending = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
                key.interestOpsOr(SelectionKey.OP_WRITE);
                other.key.interestOpsAnd(~SelectionKey.OP_READ);
            }
        }

        private void sendRest() throws IOException {
            if (pending != null) {
                channel.write(pending);
                if (pending.hasRemaining()) {
                    return;
                }
                pending = null;
            }
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
            if (other.ended) {
                endAfter();
            } else {
                other.key.interestOpsOr(SelectionKey.OP_READ);
            }
        }

        @Override
        public void tick(long now) {
            // How long a request may take is for the web server to say: when it closes, so does the caller's side.
        }

        @Override
        public void closed() {
            loop.closeQuietly(other.key);
        }
    }
}
