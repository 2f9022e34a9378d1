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
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over many keep-alive HTTP/1.1 connections to one port of 127.0.0.1.
 *
 * <p>One thread drives all connections, because a load generator must leave the cores to the system under load. Each
 * connection carries one request at a time.
 */
public final class HttpLoad implements Closeable {

    private static final int BUFFER_SIZE = 16 * 1024;
    /** A server closes connections that nobody uses. A request must not meet this moment. */
    private static final long MAX_IDLE_NANOS = 5_000_000_000L;
    /** Maximum wait between two polls of the source, whose next request may become due at any time. */
    private static final long POLL_INTERVAL_MILLIS = 1;

    /** A request with a due time and a callback for its outcome. */
    public abstract static class TimedRequest {

        private final byte[] request;
        private final long due;

        /**
         * @param request the complete request, head and body
         * @param due the planned send time on the clock of {@link System#nanoTime()}. Latency counts from this time and
         *     includes the wait for a connection.
         */
        protected TimedRequest(byte[] request, long due) {
            this.request = request;
            this.due = due;
        }

        /**
         * Called before {@link #completed}, for sources that need the header fields.
         *
         * @param headers the status line and the header fields in lower case; empty if the request has failed
         */
        protected void received(String headers) {}

        /**
         * Called once when the response has arrived or the request has failed.
         *
         * @param status the HTTP status, 0 if the connection failed
         * @param body the body of the response
         * @param nanos nanoseconds since the request was due
         */
        protected abstract void completed(int status, String body, long nanos);
    }

    /** Supplies the requests to send. The thread that runs the load calls it. */
    public interface RequestSource {

        /** Returns the next request, or empty if none is due. */
        Optional<? extends TimedRequest> next(long now);

        /** Returns whether the source has no more requests, now or later. */
        boolean finished();
    }

    private final int port;
    private final Selector selector;
    private final Deque<LoadConnection> idle = new ArrayDeque<>();
    private int busy;

    /** @param connections the number of connections, which is the maximum number of concurrent requests */
    public HttpLoad(int port, int connections) {
        this.port = port;
        try {
            selector = Selector.open();
            for (int i = 0; i < connections; i++) {
                idle.add(new LoadConnection());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Encodes a POST request with a JSON body. */
    public static byte[] post(String path, String json) {
        return post(path, "", json);
    }

    /**
     * Encodes a POST request with a JSON body that a proxy forwards for a client.
     *
     * @param client the IP address of the client
     */
    public static byte[] postFor(String client, String path, String json) {
        return post(path, "\r\nX-Forwarded-For: " + client, json);
    }

    private static byte[] post(String path, String headers, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST " + path
                        + " HTTP/1.1\r\nHost: localhost" + headers
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + body.length)
                .put(head)
                .put(body)
                .array();
    }

    /** Encodes a GET request. */
    public static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends the requests of the source until it is finished and every response has arrived. */
    public void run(RequestSource source) {
        try {
            while (true) {
                sendDueRequests(source);
                if (busy == 0 && source.finished()) {
                    return;
                }
                selector.select(POLL_INTERVAL_MILLIS);
                var keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    ((LoadConnection) keys.next().attachment()).ready();
                    keys.remove();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sendDueRequests(RequestSource source) {
        while (!idle.isEmpty()) {
            Optional<? extends TimedRequest> request = source.next(System.nanoTime());
            if (request.isEmpty()) {
                return;
            }
            busy++;
            idle.remove().send(request.get());
        }
    }

    @Override
    public void close() throws IOException {
        for (LoadConnection connection : idle) {
            connection.disconnect();
        }
        selector.close();
    }

    private final class LoadConnection {

        private @Nullable SocketChannel channel;
        private ByteBuffer out = ByteBuffer.allocate(0);
        private ByteBuffer in = ByteBuffer.allocate(BUFFER_SIZE);
        private @Nullable TimedRequest current;
        private long lastUse = System.nanoTime();

        private void send(TimedRequest next) {
            current = next;
            out = ByteBuffer.wrap(next.request);
            in.clear();
            if (System.nanoTime() - lastUse > MAX_IDLE_NANOS) {
                disconnect();
            }
            try {
                if (channel == null) {
                    channel = connect();
                }
                write(channel);
            } catch (IOException e) {
                end(next, ParsedResponse.NONE);
            }
        }

        private SocketChannel connect() throws IOException {
            SocketChannel opened = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            opened.configureBlocking(false);
            opened.register(selector, SelectionKey.OP_READ, this);
            return opened;
        }

        private void write(SocketChannel to) throws IOException {
            to.write(out);
            to.keyFor(selector).interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        private void ready() {
            if (channel == null) {
                return;
            }
            try {
                if (out.hasRemaining()) {
                    write(channel);
                    return;
                }
                int read = channel.read(in);
                if (read < 0 || current == null) {
                    throw new IOException("the server closed the connection");
                }
                if (!in.hasRemaining()) {
                    in = ByteBuffer.allocate(in.capacity() * 2).put(in.flip());
                }
                TimedRequest answered = current;
                ParsedResponse.parse(in.array(), in.position()).ifPresent(response -> end(answered, response));
            } catch (IOException e) {
                if (current == null) {
                    disconnect();
                } else {
                    end(current, ParsedResponse.NONE);
                }
            }
        }

        private void end(TimedRequest ended, ParsedResponse response) {
            current = null;
            lastUse = System.nanoTime();
            if (response.closes()) {
                disconnect();
            }
            busy--;
            // The connection that was used last comes first, so that a low rate needs few connections.
            idle.addFirst(this);
            ended.received(response.headers());
            ended.completed(response.status(), response.body(), System.nanoTime() - ended.due);
        }

        private void disconnect() {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                // The connection is unusable in any case.
            }
            channel = null;
        }
    }

    /**
     * A complete response.
     *
     * @param headers the status line and the header fields in lower case
     * @param closes whether the server closes the connection after it
     */
    private record ParsedResponse(int status, String headers, String body, boolean closes) {

        /** The result of a connection that failed before a response. */
        private static final ParsedResponse NONE = new ParsedResponse(0, "", "", true);

        /** Returns the response if the bytes contain all of it. A header gives its length, or it is chunked. */
        static Optional<ParsedResponse> parse(byte[] bytes, int length) throws IOException {
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
                        : Optional.of(new ParsedResponse(
                                status, headers, new String(bytes, body, size, StandardCharsets.UTF_8), closes));
            }
            if (headers.contains("\r\ntransfer-encoding: chunked")) {
                return chunks(status, headers, bytes, length, body, closes);
            }
            if (status == 204 || status == 304) {
                return Optional.of(new ParsedResponse(status, headers, "", closes));
            }
            throw new IOException("the length of the response is unknown");
        }

        private static Optional<ParsedResponse> chunks(
                int status, String headers, byte[] bytes, int length, int from, boolean closes) {
            // A chunk may end within a character.
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
                    return Optional.of(
                            new ParsedResponse(status, headers, body.toString(StandardCharsets.UTF_8), closes));
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
