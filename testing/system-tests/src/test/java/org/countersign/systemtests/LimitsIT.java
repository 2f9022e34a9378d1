package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The limits per network of {@code up --limits}, for callers from addresses of the loopback network. */
class LimitsIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String HOSTILE = "127.0.0.2";
    private static final String HONEST = "127.0.0.3";
    private static final int HALF_OPEN = 3300;

    private static RunningStack stack;
    private static String petition;

    private final List<Socket> sockets = new ArrayList<>();

    @BeforeAll
    static void start() {
        stack = RunningStack.with(Map.of("COUNTERSIGN_LIMIT_PER_MINUTE", "10"), "--limits");
        petition = stack.publish(Map.of("slug", "signed-from-many-networks"));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Socket connect(String from, int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        sockets.add(socket);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Returns the first line of the answer. */
    private String ask(String from, int port, String request) throws IOException {
        try (Socket socket = connect(from, port)) {
            write(socket, request);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("nothing");
        }
    }

    private String sign(String from, String forwardedFor, String email) throws IOException {
        String form = "{\"name\":\"One Of Many\",\"email\":\"" + email + "\",\"country\":\"NL\"}";
        return ask(
                from,
                stack.ports().signatureService(),
                "POST /api/petitions/" + petition + "/signatures HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                        + "X-Forwarded-For: " + forwardedFor + "\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + form.length() + "\r\n\r\n" + form);
    }

    @Test
    void signers_of_many_networks_are_accepted_and_those_of_one_are_limited() throws IOException {
        int limited = 0;
        for (int i = 0; i < 25; i++) {
            assertThat(sign("127.0.0.1", "198.51.100." + i, "one" + i + "@networks.example"))
                    .startsWith("HTTP/1.1 202");
            limited += sign("127.0.0.1", "2001:db8::" + Integer.toHexString(i), "same" + i + "@networks.example")
                            .startsWith("HTTP/1.1 429")
                    ? 1
                    : 0;
        }
        assertThat(limited).isPositive();
    }

    @Test
    void half_open_heads_of_one_address_lock_nobody_out_of_any_service() throws IOException {
        for (int port : List.of(
                stack.ports().signatureService(),
                stack.ports().counterProjection(),
                stack.ports().notifier())) {
            for (int i = 0; i < HALF_OPEN; i++) {
                try {
                    write(connect(HOSTILE, port), "GET /any HTTP/1.1\r\nHost: a\r\nX-Half: ");
                } catch (IOException refused) {
                    // Over the limit.
                }
            }
            assertThat(ask(HONEST, port, "GET /any HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .matches("HTTP/1.1 40[14].*");
        }
        assertThat(sign(HONEST, HONEST, "honest@networks.example")).startsWith("HTTP/1.1 202");
        await().atMost(TIMEOUT)
                .until(() -> !stack.mails().to("honest@networks.example").isEmpty());
    }
}
