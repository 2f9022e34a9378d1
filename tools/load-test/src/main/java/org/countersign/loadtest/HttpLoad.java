package org.countersign.loadtest;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/**
 * Many keep-alive HTTP/1.1 connections to one port of 127.0.0.1, driven by one thread: a load generator must leave the
 * cores to what it loads. One request at a time goes over each connection.
 */
public final class HttpLoad implements Closeable {

    private static final int BUFFER = 16 * 1024;
    /** What the source has next may be due at any moment. */
    private static final long LONGEST_WAIT_MILLIS = 1;

    /** A request, and what becomes of it. */
    public abstract static class Call {

        private final byte[] request;
        private final long due;

        /**
         * @param request the whole request, head and body
         * @param due when it was to be sent, as {@link System#nanoTime()} tells time: latency counts from then, however
         *     long it had to wait for a connection
         */
        protected Call(byte[] request, long due) {
            this.request = request;
            this.due = due;
        }

        /**
         * It was answered, or failed.
         *
         * @param status the status, 0 if the connection broke
         * @param body the body of the answer
         * @param nanos nanoseconds since it was due
         */
        protected abstract void ended(int status, String body, long nanos);
    }

    /** Where requests come from. */
    public interface Source {

        /** The next request that is due, null if none is. */
        Call next(long now);

        /** Whether none will ever come again. */
        boolean finished();
    }

    private final int port;
    private final Selector selector;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private int busy;

    /** @param connections how many requests may be under way at a time */
    public HttpLoad(int port, int connections) {
        this.port = port;
        try {
            selector = Selector.open();
            for (int i = 0; i < connections; i++) {
                idle.add(new Connection());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A POST of JSON as bytes that can be sent. */
    public static byte[] post(String path, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + body.length)
                .put(head)
                .put(body)
                .array();
    }

    /** A GET as bytes that can be sent. */
    public static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends what the source gives until it is finished and everything is answered. */
    public void run(Source source) {
        try {
            while (true) {
                sendWhatIsDue(source);
                if (busy == 0 && source.finished()) {
                    return;
                }
                selector.select(LONGEST_WAIT_MILLIS);
                var keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    ((Connection) keys.next().attachment()).ready();
                    keys.remove();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sendWhatIsDue(Source source) {
        while (!idle.isEmpty()) {
            Call call = source.next(System.nanoTime());
            if (call == null) {
                return;
            }
            busy++;
            idle.poll().send(call);
        }
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : idle) {
            connection.disconnect();
        }
        selector.close();
    }

    private final class Connection {

        private SocketChannel channel;
        private ByteBuffer out;
        private ByteBuffer in = ByteBuffer.allocate(BUFFER);
        private Call call;

        private void send(Call next) {
            call = next;
            out = ByteBuffer.wrap(next.request);
            in.clear();
            try {
                if (channel == null) {
                    connect();
                }
                write();
            } catch (IOException e) {
                end(Answer.NONE);
            }
        }

        private void connect() throws IOException {
            channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        private void write() throws IOException {
            channel.write(out);
            channel.keyFor(selector).interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        private void ready() {
            try {
                if (out != null && out.hasRemaining()) {
                    write();
                    return;
                }
                int read = channel.read(in);
                if (read < 0 || call == null) {
                    throw new IOException("the server closed the connection");
                }
                if (!in.hasRemaining()) {
                    in = ByteBuffer.allocate(in.capacity() * 2).put(in.flip());
                }
                Answer.parse(in.array(), in.position()).ifPresent(this::end);
            } catch (IOException e) {
                if (call == null) {
                    disconnect();
                } else {
                    end(Answer.NONE);
                }
            }
        }

        private void end(Answer answer) {
            Call ended = call;
            call = null;
            if (answer.closes()) {
                disconnect();
            }
            busy--;
            idle.add(this);
            ended.ended(answer.status(), answer.body(), System.nanoTime() - ended.due);
        }

        private void disconnect() {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                // It is gone either way.
            }
            channel = null;
        }
    }

    /**
     * A whole answer.
     *
     * @param closes whether the connection ends with it
     */
    private record Answer(int status, String body, boolean closes) {

        /** The connection broke before there was one. */
        private static final Answer NONE = new Answer(0, "", true);

        /** The answer, if these bytes hold all of it. Its length is told by a header, or it comes in chunks. */
        static Optional<Answer> parse(byte[] bytes, int length) throws IOException {
            int head = find(bytes, length, 0, "\r\n\r\n");
            if (head < 0) {
                return Optional.empty();
            }
            int body = head + 4;
            int status = (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
            String headers = new String(bytes, 0, head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            boolean closes = headers.contains("\r\nconnection: close");
            int at = headers.indexOf("\r\ncontent-length:");
            if (at >= 0) {
                int end = headers.indexOf('\r', at + 2);
                int size = Integer.parseInt(headers.substring(at + 17, end < 0 ? headers.length() : end)
                        .trim());
                return length - body < size
                        ? Optional.empty()
                        : Optional.of(
                                new Answer(status, new String(bytes, body, size, StandardCharsets.UTF_8), closes));
            }
            if (headers.contains("\r\ntransfer-encoding: chunked")) {
                return chunks(status, bytes, length, body, closes);
            }
            if (status == 204 || status == 304) {
                return Optional.of(new Answer(status, "", closes));
            }
            throw new IOException("an answer of unknown length");
        }

        private static Optional<Answer> chunks(int status, byte[] bytes, int length, int from, boolean closes) {
            // Chunks may end within a character.
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            int at = from;
            while (true) {
                int line = find(bytes, length, at, "\r\n");
                if (line < 0) {
                    return Optional.empty();
                }
                int size = Integer.parseInt(new String(bytes, at, line - at, StandardCharsets.US_ASCII).trim(), 16);
                if (line + 2 + size + 2 > length) {
                    return Optional.empty();
                }
                if (size == 0) {
                    return Optional.of(new Answer(status, body.toString(StandardCharsets.UTF_8), closes));
                }
                body.write(bytes, line + 2, size);
                at = line + 2 + size + 2;
            }
        }

        private static int find(byte[] bytes, int length, int from, String text) {
            outer:
            for (int i = from; i <= length - text.length(); i++) {
                for (int j = 0; j < text.length(); j++) {
                    if (bytes[i + j] != text.charAt(j)) {
                        continue outer;
                    }
                }
                return i;
            }
            return -1;
        }
    }
}
