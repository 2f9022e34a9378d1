package org.countersign.counter.fanout;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An open live stream. A subscriber that is too slow for an event gets the newest one when it is ready again. At most
 * the rest of one event is buffered for it.
 */
final class Subscriber implements SocketHandler {

    /** The send buffer of a client that does not read: about ten events. */
    private static final int SEND_BUFFER = 4096;

    private static final byte[] HEARTBEAT = SseEvent.ascii(": still here\n\n");
    private static final long HEARTBEAT_INTERVAL = TimeUnit.SECONDS.toNanos(15);
    private static final long WRITE_TIMEOUT = TimeUnit.SECONDS.toNanos(60);

    private final EventLoop loop;
    private final SelectionKey key;
    private final SocketChannel channel;
    private final SubscriberGroup group;
    /** The index in its group. */
    private int index;

    private @Nullable SseEvent sent;
    /** The rest of an event that did not fit into the socket, null if there is none. */
    private byte @Nullable [] unsent;

    private int unsentFrom;
    private long lastWrite;

    Subscriber(EventLoop loop, SelectionKey key, SubscriberGroup group) {
        this.loop = loop;
        this.key = key;
        this.channel = (SocketChannel) key.channel();
        this.group = group;
        this.lastWrite = loop.now();
    }

    @Override
    public SelectionKey key() {
        return key;
    }

    SubscriberGroup group() {
        return group;
    }

    int index() {
        return index;
    }

    void index(int newIndex) {
        index = newIndex;
    }

    /** Sends the head of the stream, and the first event unless the client has it. */
    void begin(byte[] head, SseEvent first, boolean seen) throws IOException {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
        sent = first;
        byte[] all = head;
        if (!seen) {
            all = new byte[head.length + first.event().length];
            System.arraycopy(head, 0, all, 0, head.length);
            System.arraycopy(first.event(), 0, all, head.length, first.event().length);
        }
        write(ByteBuffer.wrap(all), all);
    }

    /**
     * Sends an event if it is newer than the last one.
     *
     * @param frame the event
     * @param bytes the event in direct memory, which sockets send without a copy
     */
    void offer(SseEvent frame, ByteBuffer bytes) throws IOException {
        if (unsent == null && (sent == null || frame.isNewerThan(sent))) {
            sent = frame;
            bytes.rewind();
            write(bytes, frame.event());
        }
    }

    private void write(ByteBuffer bytes, byte[] whole) throws IOException {
        channel.write(bytes);
        lastWrite = loop.now();
        if (bytes.hasRemaining()) {
            unsent = whole;
            unsentFrom = whole.length - bytes.remaining();
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    @Override
    public void ready() throws IOException {
        if (key.isReadable() && channel.read(loop.scratch()) < 0) {
            loop.close(this);
            return;
        }
        byte[] rest = unsent;
        if (rest != null && key.isWritable()) {
            sendRest(rest);
        }
    }

    private void sendRest(byte[] rest) throws IOException {
        unsentFrom += channel.write(ByteBuffer.wrap(rest, unsentFrom, rest.length - unsentFrom));
        lastWrite = loop.now();
        if (unsentFrom == rest.length) {
            unsent = null;
            key.interestOps(SelectionKey.OP_READ);
            SseEvent newest = group.topic().newest();
            offer(newest, ByteBuffer.wrap(newest.event()));
        }
    }

    @Override
    public void tick(long now) throws IOException {
        if (unsent != null) {
            if (now - lastWrite > WRITE_TIMEOUT) {
                loop.close(this);
            }
        } else if (now - lastWrite > HEARTBEAT_INTERVAL) {
            write(ByteBuffer.wrap(HEARTBEAT), HEARTBEAT);
        }
    }

    @Override
    public void closed() {
        group.leave(this);
    }
}
