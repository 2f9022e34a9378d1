package org.countersign.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sends HTTP requests of any method, from any loopback address. It reads only the status of the response. */
public final class RawHttp {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final int port;
    private final String source;

    /**
     * Creates a client.
     *
     * @param port the service's port on 127.0.0.1
     * @param source the address from which requests come, for example 127.0.0.7
     */
    public RawHttp(int port, String source) {
        this.port = port;
        this.source = source;
    }

    /**
     * Sends a request with an empty JSON object as its body.
     *
     * @param method the HTTP method
     * @param path the path with its query
     * @param headers lines such as {@code Accept: text/html}
     * @return the status
     */
    public int send(String method, String path, List<String> headers) {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(source), 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost:" + port
                    + "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n");
            headers.forEach(header -> request.append(header).append("\r\n"));
            socket.getOutputStream().write(request.append("\r\n{}").toString().getBytes(StandardCharsets.UTF_8));
            BufferedReader response =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String status = response.readLine();
            if (status == null) {
                throw new IOException("no response to " + method + " " + path);
            }
            return Integer.parseInt(status.split(" ")[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
