package org.countersign.counter;

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
import org.countersign.events.PetitionSlug;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of the live port that hold what they get, or send requests that can be read in two ways. */
class HostileViewersTest extends RunningCounter {

    private static final String HOSTILE = "127.0.0.2";
    private static final String HONEST = "127.0.0.3";

    private final List<Socket> sockets = new ArrayList<>();
    private PetitionSlug petition;

    @BeforeEach
    void publish() {
        petition = petition(List.of(), 100_000);
        await().atMost(PATIENCE).until(() -> count(petition, "verified") == 0);
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), fanOut.port()));
        sockets.add(socket);
        return socket;
    }

    private static boolean sent(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private String counts(String... fields) {
        return "GET /api/petitions/" + petition + "/counts HTTP/1.1\r\nHost: localhost\r\n" + String.join("", fields)
                + "\r\n";
    }

    /** Everything that the server answers until it closes the connection. */
    private String answers(String from, String request) throws IOException {
        Socket socket = connect(from);
        sent(socket, request);
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private void assertServed() throws IOException {
        assertThat(answers(HONEST, counts("Connection: close\r\n"))).startsWith("HTTP/1.1 200");
        assertThat(answers(HONEST, counts("Connection: close\r\n", "Range: bytes=0-\r\n")))
                .startsWith("HTTP/1.1 2");
    }

    @Test
    void half_open_heads_of_one_address_lock_nobody_out() throws IOException {
        for (int i = 0; i < 2 * MOST_VIEWERS + 500; i++) {
            sent(connect(HOSTILE), "GET /api/petitions/any/counts HTTP/1.1\r\nX: ");
        }
        assertServed();
    }

    @Test
    void half_open_heads_of_many_addresses_are_closed_so_that_others_are_served() {
        for (int i = 0; i < 2 * MOST_VIEWERS + 500; i++) {
            try {
                sent(connect("127.0.1." + (1 + i % 200)), "GET /api/petitions/any/counts HTTP/1.1\r\nX: ");
            } catch (IOException refused) {
                // All places are taken.
            }
        }
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(this::assertServed);
    }

    @Test
    void a_head_that_trickles_is_closed() throws IOException {
        Socket slow = connect(HOSTILE);
        sent(slow, "GET /api/petitions/any/counts HTTP/1.1\r\nX: ");
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> !sent(slow, "x"));
    }

    @Test
    void a_body_that_trickles_is_closed() throws IOException {
        Socket slow = connect(HOSTILE);
        sent(slow, "POST /api/any HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16000\r\n\r\nx");
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> !sent(slow, "x"));
    }

    @Test
    void requests_of_one_address_that_wait_in_the_web_server_leave_places_to_others() throws IOException {
        for (int i = 0; i < 300; i++) {
            sent(
                    connect(HOSTILE),
                    "PUT /api/any HTTP/1.1\r\nHost: localhost\r\n"
                            + "Expect: 100-continue\r\nContent-Length: 9000\r\n\r\nx");
        }
        assertServed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length : 40\r\n",
                "Content-Length: 40\r\nContent-Length: 0\r\n",
                "Content-Length: 40\r\nTransfer-Encoding: chunked\r\n",
                "X: a\r\n Content-Length: 40\r\n",
                "X: a\nContent-Length: 40\r\n",
                "Transfer-Encoding : chunked\r\n"
            })
    void an_ambiguous_head_is_answered_once_and_the_connection_ends(String fields) throws IOException {
        String answers = answers(HONEST, counts(fields) + counts());
        assertThat(answers).startsWith("HTTP/1.1 400").contains("Connection: close");
        assertThat(answers.split("HTTP/1\\.1 ", -1)).as(answers).hasSize(2);
    }

    @Test
    void a_request_with_a_body_is_answered_once_and_the_connection_ends() throws IOException {
        String smuggled = counts();
        String answers = answers(HONEST, counts("Content-Length: " + smuggled.length() + "\r\n") + smuggled);
        assertThat(answers.split("HTTP/1\\.1 ", -1)).as(answers).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "GET", "OPTIONS"})
    void a_large_body_is_refused_with_and_without_its_length(String method) throws IOException {
        String head =
                method + " /api/any HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n";
        String body = "x".repeat(900 * 1024);
        assertThat(answers(HONEST, head + "Content-Length: " + body.length() + "\r\n\r\n" + body))
                .startsWith("HTTP/1.1 413");
        String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        assertThat(answers(HONEST, head + "Transfer-Encoding: chunked\r\n\r\n" + chunk))
                .startsWith("HTTP/1.1 413");
    }

    @Test
    void a_compressed_body_is_not_unpacked() throws IOException {
        assertThat(answers(
                        HONEST,
                        "POST /api/any HTTP/1.1\r\nHost: localhost\r\n"
                                + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"))
                .startsWith("HTTP/1.1 415");
    }
}
