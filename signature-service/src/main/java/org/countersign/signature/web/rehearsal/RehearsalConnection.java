package org.countersign.signature.web.rehearsal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A connection to the server of the warm-up. The client of the JDK would take as much processor time as the server, and
 * none of its code is needed later.
 */
final class RehearsalConnection implements AutoCloseable {

    private static final String LENGTH = "content-length:";
    private static final int TIMEOUT_MILLIS = 5_000;

    private final int port;
    private Socket socket;
    private DataInputStream answers;

    RehearsalConnection(int port) throws IOException {
        this.port = port;
        this.socket = connect();
        this.answers = answers(socket);
    }

    private Socket connect() throws IOException {
        Socket connected = new Socket(InetAddress.getLoopbackAddress(), port);
        connected.setTcpNoDelay(true);
        connected.setSoTimeout(TIMEOUT_MILLIS);
        return connected;
    }

    private static DataInputStream answers(Socket socket) throws IOException {
        return new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /**
     * Sends a request and reads the response.
     *
     * @return false if the service is still too slow for an answer in time
     * @throws IOException if the status is another one, or the response has no length
     */
    boolean get(String path) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
    }

    /** Like {@link #get}, with a JSON body. */
    boolean post(String path, String json) throws IOException {
        return exchange(
                "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + json.length() + "\r\n\r\n" + json);
    }

    private boolean exchange(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String status = line();
        boolean busy = status.startsWith("HTTP/1.1 503");
        if (!busy && !status.startsWith("HTTP/1.1 200") && !status.startsWith("HTTP/1.1 202")) {
            throw new IOException("The service answered: " + status);
        }
        int length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith(LENGTH)) {
                length = Integer.parseInt(lower.substring(LENGTH.length()).trim());
            }
        }
        if (length < 0) {
            throw new IOException("The response has no length: " + status);
        }
        answers.skipNBytes(length);
        if (busy) {
            // Tomcat ends the connection after this status.
            socket.close();
            socket = connect();
            answers = answers(socket);
        }
        return !busy;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (byte next = answers.readByte(); next != '\n'; next = answers.readByte()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
