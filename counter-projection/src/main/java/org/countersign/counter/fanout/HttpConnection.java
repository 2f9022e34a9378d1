package org.countersign.counter.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.countersign.counter.live.PetitionLookup;
import org.jspecify.annotations.Nullable;

/** A client connection whose request is awaited or read. It answers requests for counts and passes the others on. */
final class HttpConnection implements SocketHandler {

    private static final int MAX_HEAD_BYTES = 8192;
    private static final int INITIAL_HEAD_BYTES = 1024;
    private static final long IDLE_TIMEOUT = TimeUnit.SECONDS.toNanos(20);

    private final EventLoop loop;
    private final HttpResponses answers;
    private final SelectionKey key;
    private final SocketChannel channel;
    private byte[] head = new byte[INITIAL_HEAD_BYTES];
    private int length;
    private long since;
    /** The rest of a response that did not fit into the socket. */
    private @Nullable ByteBuffer unsent;

    private boolean closing;
    /** Whether a request waits for the lookup of its petition. */
    private boolean waiting;

    HttpConnection(EventLoop loop, HttpResponses answers, SelectionKey key) {
        this.loop = loop;
        this.answers = answers;
        this.key = key;
        this.channel = (SocketChannel) key.channel();
        this.since = loop.now();
    }

    @Override
    public SelectionKey key() {
        return key;
    }

    @Override
    public void ready() throws IOException {
        if (unsent != null) {
            send(unsent);
        } else if (read()) {
            answerAll();
        }
    }

    /** Reads available bytes. Returns whether there are any. */
    private boolean read() throws IOException {
        ByteBuffer buffer = loop.scratch();
        int count = channel.read(buffer);
        if (count < 0) {
            loop.close(this);
            return false;
        }
        buffer.flip();
        if (length + count > head.length) {
            head = Arrays.copyOf(head, Math.max(2 * head.length, length + count));
        }
        buffer.get(head, length, count);
        length += count;
        return count > 0;
    }

    private void answerAll() throws IOException {
        for (int end = endOfHead(); end > 0 && unsent == null && !waiting; end = endOfHead()) {
            RequestHead request = RequestHead.parse(head, end);
            if (request == null || !answers.isAllowed(request.origin())) {
                loop.passOn(this, Arrays.copyOf(head, length));
                return;
            }
            if (answers.topic(request.petition()) == null) {
                awaitLookup(request, end);
                return;
            }
            if (request.stream()) {
                loop.open(this, request);
                return;
            }
            answer(request, end, answers.counts(request));
        }
        if (unsent == null && length >= MAX_HEAD_BYTES) {
            // Tomcat answers heads that are too long.
            loop.passOn(this, Arrays.copyOf(head, length));
        }
    }

    private void answer(RequestHead request, int end, byte[] response) throws IOException {
        System.arraycopy(head, end, head, 0, length - end);
        length -= end;
        since = loop.now();
        closing = !request.keepsAlive();
        send(ByteBuffer.wrap(response));
    }

    /** Reads no more from this connection until the lookup of the petition has ended. */
    private void awaitLookup(RequestHead request, int end) {
        waiting = true;
        key.interestOps(0);
        loop.lookUp(this, request.petition(), existence -> lookedUp(request, end, existence));
    }

    private void lookedUp(RequestHead request, int end, PetitionLookup.Existence existence) throws IOException {
        waiting = false;
        key.interestOps(SelectionKey.OP_READ);
        if (existence == PetitionLookup.Existence.PUBLISHED && answers.topic(request.petition()) != null) {
            answerAll();
        } else if (existence == PetitionLookup.Existence.UNKNOWN) {
            if (request.stream()) {
                answerLast(answers.unknown(request));
            } else {
                answer(request, end, answers.unknown(request));
            }
        } else if (request.stream()) {
            // A browser never reconnects after an error status. It does after a stream that ends.
            answerLast(answers.streamHead(request));
        } else {
            answer(request, end, answers.unreachable(request));
        }
    }

    /** Sends the last response of the connection. */
    void answerLast(byte[] answer) throws IOException {
        closing = true;
        send(ByteBuffer.wrap(answer));
    }

    private void send(ByteBuffer answer) throws IOException {
        channel.write(answer);
        boolean all = !answer.hasRemaining();
        boolean more = unsent != null && all;
        unsent = all ? null : answer;
        key.interestOps(all ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
        if (all && closing) {
            loop.close(this);
        } else if (more) {
            answerAll();
        }
    }

    private int endOfHead() {
        for (int i = 3; i < length; i++) {
            if (head[i] == '\n' && head[i - 1] == '\r' && head[i - 2] == '\n' && head[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    /** Closes idle connections. */
    @Override
    public void tick(long now) throws IOException {
        if (now - since > IDLE_TIMEOUT) {
            loop.close(this);
        }
    }

    @Override
    public void closed() {
        // No other object refers to the connection.
    }
}
