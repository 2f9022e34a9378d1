package org.countersign.counter.fanout;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * An open page. Of events that it is too slow for it gets the newest when it is ready again: never more than the rest
 * of one event waits for it.
 */
final class Subscriber implements SocketHandler {

    /** What the system keeps for somebody who does not read: some ten events. */
    private static final int SEND_BUFFER = 4096;

    private static final byte[] HEARTBEAT = SseEvent.ascii(": still here\n\n");
    private static final long BETWEEN_HEARTBEATS = TimeUnit.SECONDS.toNanos(15);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final EventLoop loop;
    private final SelectionKey key;
    private final SocketChannel channel;
    private final SubscriberGroup audience;
    /** Where it stands in its audience. */
    private int place;

    private SseEvent sent;
    /** The rest of what the socket had no room for, null if there is none. */
    private byte[] unsent;

    private int unsentFrom;
    private long lastWrite;

    Subscriber(EventLoop loop, SelectionKey key, SubscriberGroup audience) {
        this.loop = loop;
        this.key = key;
        this.channel = (SocketChannel) key.channel();
        this.audience = audience;
        this.lastWrite = loop.now();
    }

    @Override
    public SelectionKey key() {
        return key;
    }

    SubscriberGroup audience() {
        return audience;
    }

    int place() {
        return place;
    }

    void place(int newPlace) {
        place = newPlace;
    }

    /** Begins the stream. */
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
     * Sends counts if they are newer than what was sent.
     *
     * @param bytes the frame's event, in memory that a socket can take from without a copy
     */
    void offer(SseEvent frame, ByteBuffer bytes) throws IOException {
        if (unsent == null && frame.isNewerThan(sent)) {
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
        if (unsent != null && key.isWritable()) {
            sendRest();
        }
    }

    private void sendRest() throws IOException {
        unsentFrom += channel.write(ByteBuffer.wrap(unsent, unsentFrom, unsent.length - unsentFrom));
        lastWrite = loop.now();
        if (unsentFrom == unsent.length) {
            unsent = null;
            key.interestOps(SelectionKey.OP_READ);
            SseEvent newest = audience.topic().newest();
            offer(newest, ByteBuffer.wrap(newest.event()));
        }
    }

    @Override
    public void tick(long now) throws IOException {
        if (unsent != null) {
            if (now - lastWrite > PATIENCE) {
                loop.close(this);
            }
        } else if (now - lastWrite > BETWEEN_HEARTBEATS) {
            write(ByteBuffer.wrap(HEARTBEAT), HEARTBEAT);
        }
    }

    @Override
    public void closed() {
        audience.leave(this);
    }
}
