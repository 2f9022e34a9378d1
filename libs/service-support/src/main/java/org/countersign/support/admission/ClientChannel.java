package org.countersign.support.admission;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Constants;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection to Tomcat, with a deadline for each head and a minimum rate for bodies and answers.
 *
 * <p>Tomcat limits only the pause between two reads. A client that sends a byte at each pause would hold a place for
 * ever. All methods run on the thread that serves the connection, or after it.
 */
final class ClientChannel extends NioChannel {

    /** The maximum time from the first byte of a head to its last. */
    static final Duration HEAD_TIMEOUT = Duration.ofSeconds(5);

    private final ClientLimits limits;
    private final TransferMeter body = new TransferMeter();
    private final TransferMeter answer = new TransferMeter();
    private @Nullable Request request;
    private @Nullable InetAddress client;
    /** The client for which this connection holds a place for slow requests, or null. */
    private @Nullable InetAddress slow;

    ClientChannel(SocketBufferHandler buffers, ClientLimits limits) {
        super(buffers);
        this.limits = limits;
    }

    // Tomcat passes null when it puts a closed channel back into its pool.
    @Override
    public void reset(@Nullable SocketChannel channel, NioEndpoint.@Nullable NioSocketWrapper wrapper)
            throws IOException {
        endSlow();
        body.reset();
        answer.reset();
        request = null;
        client = channel == null ? null : channel.socket().getInetAddress();
        super.reset(channel, wrapper);
    }

    @Override
    public void close() throws IOException {
        endSlow();
        super.close();
    }

    /** Notes which request the connection serves. */
    void serve(Request current) {
        request = current;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = super.read(target);
        Request current = request;
        if (current == null || count < 0) {
            return count;
        }
        if (isInHead(current)) {
            body.reset();
            answer.reset();
            endSlow();
            limitHead(current);
        } else {
            limit(body, count);
        }
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int count = super.write(source);
        if (source.hasRemaining() || answer.isWaiting()) {
            limit(answer, count);
        } else {
            answer.moved(count, System.nanoTime());
        }
        return count;
    }

    private static boolean isInHead(Request request) {
        int stage = request.getRequestProcessor().getStage();
        return stage == Constants.STAGE_PARSE || stage == Constants.STAGE_KEEPALIVE;
    }

    private void limitHead(Request current) throws IOException {
        long start = current.getStartTimeNanos();
        if (start < 0) {
            return;
        }
        long left = HEAD_TIMEOUT.toNanos() - (System.nanoTime() - start);
        if (left <= 0) {
            throw new SocketTimeoutException("The head of the request did not arrive in time");
        }
        socketWrapper.setReadTimeout(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
    }

    private void limit(TransferMeter meter, int count) throws IOException {
        long now = System.nanoTime();
        if (count > 0) {
            meter.moved(count, now);
            endSlow();
        } else {
            meter.waitFrom(now);
            beginSlow();
        }
        if (meter.isTooSlow(now)) {
            throw new SocketTimeoutException("The client is slower than the minimum rate");
        }
    }

    private void beginSlow() throws IOException {
        InetAddress address = client;
        if (slow == null && address != null) {
            if (!limits.beginSlow(address)) {
                throw new SocketTimeoutException("Too many clients are slow");
            }
            slow = address;
        }
    }

    private void endSlow() {
        InetAddress address = slow;
        if (address != null) {
            slow = null;
            limits.endSlow(address);
        }
    }
}
