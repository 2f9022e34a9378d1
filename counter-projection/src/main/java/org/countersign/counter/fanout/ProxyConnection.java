package org.countersign.counter.fanout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.countersign.support.admission.TransferMeter;
import org.jspecify.annotations.Nullable;

/** Passes the bytes of a client connection to the web server and back until either side ends it. */
final class ProxyConnection {

    private final EventLoop loop;
    private final ProxySocket caller;
    private final ProxySocket server;
    private final InetAddress client;

    private ProxyConnection(EventLoop loop, SelectionKey callerKey, SelectionKey serverKey) {
        this.loop = loop;
        this.client = ((SocketChannel) callerKey.channel()).socket().getInetAddress();
        this.caller = new ProxySocket(callerKey);
        this.server = new ProxySocket(serverKey);
        caller.other = server;
        server.other = caller;
    }

    /**
     * Opens the connection to the web server.
     *
     * @param begun the bytes that the client has sent already
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
        // Reading from the client resumes when the web server has these bytes.
        callerKey.interestOps(0);
        tunnel.server.key.interestOps(
                connected ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT);
    }

    /** One of the two sockets. */
    final class ProxySocket implements SocketHandler {

        private final SelectionKey key;
        private final SocketChannel channel;
        private ProxySocket other;
        /** Bytes that did not fit into this socket. Meanwhile the other socket is not read. */
        private @Nullable ByteBuffer pending;

        private boolean ended;
        private final TransferMeter rate = new TransferMeter();

        // open() connects the two sides.
        @SuppressWarnings("NullAway.Init")
        private ProxySocket(SelectionKey key) {
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

        /** Called when the other side has ended and all its bytes were sent. */
        private void endAfter() throws IOException {
            if (this == caller) {
                // The web server has sent its whole response. It closes connections that it does not keep alive.
                loop.close(this);
            } else {
                channel.shutdownOutput();
            }
        }

        private void send(ByteBuffer bytes) throws IOException {
            rate.moved(channel.write(bytes), loop.now());
            if (bytes.hasRemaining()) {
                rate.waitFrom(loop.now());
                pending = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
                key.interestOpsOr(SelectionKey.OP_WRITE);
                other.key.interestOpsAnd(~SelectionKey.OP_READ);
            }
        }

        private void sendRest() throws IOException {
            if (pending != null) {
                rate.moved(channel.write(pending), loop.now());
                if (pending.hasRemaining()) {
                    rate.waitFrom(loop.now());
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
            // The web server limits the time of a body. Its answer leaves its hands before the client has read it.
            if (rate.isTooSlow(now)) {
                loop.close(this);
            }
        }

        @Override
        public void closed() {
            loop.closeQuietly(other.key);
            loop.passedOn(client);
        }
    }
}
