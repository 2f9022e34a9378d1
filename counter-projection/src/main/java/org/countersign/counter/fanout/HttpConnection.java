package org.countersign.counter.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.countersign.counter.live.PetitionLookup;
import org.countersign.support.admission.TransferMeter;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A client connection whose request is awaited or read. It answers requests for counts and passes the others on. */
final class HttpConnection implements SocketHandler {

    private static final int MAX_HEAD_BYTES = 8192;
    private static final int INITIAL_HEAD_BYTES = 1024;
    /** The time that a client may wait with its next request. */
    private static final long IDLE_TIMEOUT = TimeUnit.SECONDS.toNanos(20);
    /** The maximum time from the first byte of a head, or from the connection, to the last byte of the head. */
    private static final long HEAD_TIMEOUT = TimeUnit.SECONDS.toNanos(5);
    /** The time for which bytes of the client are read after the last answer, so that it can read the answer. */
    private static final long LINGER_TIME = TimeUnit.SECONDS.toNanos(2);

    private final EventLoop loop;
    private final HttpResponses answers;
    private final SelectionKey key;
    private final SocketChannel channel;
    private byte[] head = new byte[INITIAL_HEAD_BYTES];
    private int length;
    /** The time of the last answer, at first that of the connection. */
    private long since;
    /** The time of the first byte of an incomplete head. */
    private long headSince;

    private boolean answered;
    private boolean lingering;
    private final TransferMeter answerRate = new TransferMeter();
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
        this.headSince = since;
    }

    @Override
    public SelectionKey key() {
        return key;
    }

    @Override
    public void ready() throws IOException {
        if (unsent != null) {
            send(unsent);
        } else if (lingering) {
            if (channel.read(loop.scratch()) < 0) {
                loop.close(this);
            }
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
        if (length == 0) {
            headSince = loop.now();
        }
        if (length + count > head.length) {
            head = Arrays.copyOf(head, Math.max(2 * head.length, length + count));
        }
        buffer.get(head, length, count);
        length += count;
        return count > 0;
    }

    private void answerAll() throws IOException {
        for (int end = endOfHead(); end > 0 && unsent == null && !waiting && !lingering; end = endOfHead()) {
            String[] lines = HeadSyntax.lines(head, end);
            Optional<String> problem = HeadSyntax.problem(lines);
            if (problem.isPresent()) {
                answerLast(answers.refused(HttpStatus.BAD_REQUEST, problem.get()));
                return;
            }
            RequestHead request = RequestHead.parse(lines);
            if (request == null || !answers.isAllowed(request.origin())) {
                loop.passOn(this, lines, Arrays.copyOfRange(head, end, length));
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
        if (unsent == null && !waiting && !lingering && length >= MAX_HEAD_BYTES) {
            answerLast(answers.refused(
                    HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "The head of a request must have at most " + MAX_HEAD_BYTES + " bytes."));
        }
    }

    private void answer(RequestHead request, int end, byte[] response) throws IOException {
        System.arraycopy(head, end, head, 0, length - end);
        length -= end;
        since = loop.now();
        headSince = since;
        answered = true;
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
        answerRate.moved(channel.write(answer), loop.now());
        boolean all = !answer.hasRemaining();
        boolean more = unsent != null && all;
        unsent = all ? null : answer;
        if (all) {
            answerRate.reset();
        } else {
            answerRate.waitFrom(loop.now());
        }
        key.interestOps(all ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
        if (all && closing) {
            linger();
        } else if (more) {
            answerAll();
        }
    }

    /** A close with unread bytes would reset the connection, and the client might lose the answer. */
    private void linger() throws IOException {
        channel.shutdownOutput();
        lingering = true;
        since = loop.now();
    }

    private int endOfHead() {
        for (int i = 3; i < length; i++) {
            if (head[i] == '\n' && head[i - 1] == '\r' && head[i - 2] == '\n' && head[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    /** Closes connections whose client is idle or too slow. */
    @Override
    public void tick(long now) throws IOException {
        boolean late;
        if (unsent != null) {
            late = answerRate.isTooSlow(now);
        } else if (lingering) {
            late = now - since > LINGER_TIME;
        } else if (!waiting && (length > 0 || !answered)) {
            late = now - headSince > HEAD_TIMEOUT;
        } else {
            late = now - since > IDLE_TIMEOUT;
        }
        if (late) {
            loop.close(this);
        }
    }

    @Override
    public void closed() {
        // No other object refers to the connection.
    }
}
