package org.countersign.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.countersign.events.PetitionSlug;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/** An event loop and the web server give the same answer to a request for counts. */
class CountsResponseTest extends RunningCounter {

    /** These describe the connection or the moment, not the answer. */
    private static final Set<String> PER_CONNECTION = Set.of("date", "connection", "keep-alive");

    @Autowired
    private WebServerApplicationContext webServer;

    private PetitionSlug petition;

    record RawResponse(String status, List<String> headers, String body) {

        String header(String name) {
            return headers.stream()
                    .filter(line -> line.startsWith(name + ": "))
                    .findAny()
                    .orElseThrow()
                    .substring(name.length() + 2);
        }
    }

    @BeforeEach
    void publish() {
        petition = petition(List.of(), 100);
        await().atMost(PATIENCE).until(() -> count(petition, "verified") == 0);
    }

    private RawResponse fast(String method, String name, String... headers) throws IOException {
        return send(fanOut.port(), method, name, headers);
    }

    private RawResponse slow(String method, String name, String... headers) throws IOException {
        return send(webServer.getWebServer().getPort(), method, name, headers);
    }

    private static RawResponse send(int port, String method, String name, String... headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            StringBuilder request = new StringBuilder(method + " /api/petitions/" + name + "/counts HTTP/1.1\r\n")
                    .append("Host: localhost\r\nConnection: close\r\n");
            Arrays.stream(headers).forEach(header -> request.append(header).append("\r\n"));
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            return parse(socket.getInputStream());
        }
    }

    private static RawResponse parse(InputStream in) throws IOException {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        List<String> lines = new ArrayList<>(List.of(text.substring(0, end).split("\r\n")));
        String status = lines.remove(0).strip();
        lines.removeIf(line ->
                PER_CONNECTION.contains(line.substring(0, line.indexOf(':')).toLowerCase()));
        lines.sort(null);
        return new RawResponse(status, lines, text.substring(end + 4));
    }

    private RawResponse same(String name, String... headers) throws IOException {
        RawResponse fast = fast("GET", name, headers);
        assertThat(slow("GET", name, headers)).isEqualTo(fast);
        RawResponse head = fast("HEAD", name, headers);
        assertThat(head).isEqualTo(new RawResponse(fast.status(), fast.headers(), ""));
        assertThat(slow("HEAD", name, headers)).isEqualTo(head);
        return fast;
    }

    @Test
    void both_send_the_same_counts_with_the_same_headers() throws IOException {
        RawResponse counts = same(petition.value());
        assertThat(counts.status()).isEqualTo("HTTP/1.1 200");
        assertThat(counts.header("Cache-Control"))
                .isEqualTo("max-age=1, public, stale-while-revalidate=10, stale-if-error=60");
        assertThat(counts.body()).contains("\"goal\":100");
        assertThat(same(petition.value(), "Origin: http://localhost:8080").headers())
                .contains("Access-Control-Allow-Origin: http://localhost:8080", "Access-Control-Expose-Headers: ETag");
    }

    @Test
    void both_answer_304_to_a_client_that_has_the_newest_counts() throws IOException {
        String tag = same(petition.value()).header("ETag");
        for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            RawResponse unchanged = same(petition.value(), "If-None-Match: " + known);
            assertThat(unchanged.status()).as(known).isEqualTo("HTTP/1.1 304");
            assertThat(unchanged.header("ETag")).isEqualTo(tag);
        }
        assertThat(same(petition.value(), "If-None-Match: \"other\"").status()).isEqualTo("HTTP/1.1 200");
    }

    @Test
    void both_answer_404_with_the_same_problem() throws IOException {
        RawResponse unknown = same("no-such-petition");
        assertThat(unknown.status()).isEqualTo("HTTP/1.1 404");
        assertThat(unknown.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(unknown.body()).contains("There is no petition of this name.");
    }

    @Test
    void both_answer_503_with_the_same_problem_while_the_lookup_fails() throws IOException {
        SIGNATURE_SERVICE.answer("no-answer", 500, "");
        RawResponse failed = same("no-answer");
        assertThat(failed.status()).isEqualTo("HTTP/1.1 503");
        assertThat(failed.header("Retry-After")).isEqualTo("1");
    }
}
