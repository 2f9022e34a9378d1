package org.countersign.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.countersign.events.PetitionSlug;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How the counts reach those who look, seen from the wire. */
class FanOutTest extends RunningCounter {

    private static final int SOCKET_TIMEOUT_MILLIS = 60_000;

    private PetitionSlug petition;

    @BeforeEach
    void publish() {
        awaitNobodyLooks();
        petition = petition(List.of(), 100_000);
        awaitShown(0);
    }

    private void awaitNobodyLooks() {
        await().atMost(PATIENCE)
                .until(() -> management().get("/actuator/prometheus").body().contains("countersign_live_viewers 0.0"));
    }

    private void awaitShown(long verified) {
        await().atMost(PATIENCE).until(() -> count(petition, "verified") == verified);
    }

    /** A connection on which lines are sent and read. */
    private final class Wire implements AutoCloseable {

        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), fanOut.port());
        private final BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1);

        private Wire() throws IOException {
            socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
        }

        Wire send(String... lines) throws IOException {
            socket.getOutputStream()
                    .write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        Wire get(String path, String... headers) throws IOException {
            return send(Stream.concat(Stream.of("GET " + path + " HTTP/1.1", "Host: localhost"), Stream.of(headers))
                    .toArray(String[]::new));
        }

        Wire look(String... headers) throws IOException {
            return get("/api/petitions/" + petition + "/counts/stream", headers);
        }

        /** The lines up to the next empty one. */
        List<String> block() throws IOException {
            List<String> lines = new ArrayList<>();
            for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                lines.add(line);
            }
            return lines;
        }

        String body(List<String> head) throws IOException {
            int length = head.stream()
                    .filter(line -> line.startsWith("Content-Length: "))
                    .mapToInt(line -> Integer.parseInt(line.substring(16)))
                    .findAny()
                    .orElseThrow();
            char[] text = new char[length];
            for (int read = 0; read < length; read += reader.read(text, read, length - read)) {
                // Until it is whole.
            }
            return new String(text);
        }

        /** The counts of the stream's next event. */
        JsonNode event() throws IOException {
            List<String> lines = block();
            while (!lines.contains("event: counts")) {
                assertThat(lines)
                        .as("the stream ended or was refused")
                        .isNotEmpty()
                        .noneMatch(line -> line.startsWith("HTTP/1.1 5"));
                lines = block();
            }
            return JsonMapper.shared().readTree(lines.get(lines.size() - 1).substring("data: ".length()));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void a_connection_may_ask_again_and_again_even_before_it_is_answered() throws IOException {
        String path = "/api/petitions/" + petition + "/counts";
        try (Wire wire = new Wire()) {
            wire.get(path).get(path);
            for (int i = 0; i < 2; i++) {
                List<String> head = wire.block();
                assertThat(head)
                        .contains("HTTP/1.1 200 ")
                        .anyMatch(line -> line.startsWith("ETag: "))
                        .anyMatch(line -> line.startsWith("Date: "))
                        .contains("Cache-Control: max-age=1, public, stale-while-revalidate=10, stale-if-error=60");
                assertThat(JsonMapper.shared()
                                .readTree(wire.body(head))
                                .get("petition")
                                .asString())
                        .isEqualTo(petition.value());
            }
            List<String> unknown = wire.get("/api/petitions/no-such/counts").block();
            assertThat(unknown.get(0)).isEqualTo("HTTP/1.1 404 ");
            assertThat(wire.body(unknown)).contains("There is no petition of this name.");
            assertThat(wire.get(path, "Connection: close").block().get(0)).isEqualTo("HTTP/1.1 200 ");
        }
        try (Wire slowly = new Wire()) {
            for (byte letter :
                    ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII)) {
                slowly.socket.getOutputStream().write(letter);
            }
            assertThat(slowly.block().get(0)).isEqualTo("HTTP/1.1 200 ");
        }
    }

    @Test
    void who_looks_sees_the_counts_at_once_and_each_change_or_a_newer_one() throws IOException {
        List<Wire> viewers = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                viewers.add(new Wire().look());
            }
            for (Wire viewer : viewers) {
                assertThat(viewer.block())
                        .contains(
                                "HTTP/1.1 200 ",
                                "Content-Type: text/event-stream;charset=UTF-8",
                                "X-Accel-Buffering: no");
                assertThat(viewer.block()).containsExactly("retry: 2000");
                assertThat(viewer.event().get("verified").asLong()).isZero();
            }
            for (int i = 0; i < 20; i++) {
                Signer.of(petition, "AM").signs().verifies(1);
            }
            for (Wire viewer : viewers) {
                long seen = 0;
                while (seen < 20) {
                    long next = viewer.event().get("verified").asLong();
                    assertThat(next).isGreaterThanOrEqualTo(seen);
                    seen = next;
                }
            }
        } finally {
            for (Wire viewer : viewers) {
                viewer.close();
            }
        }
    }

    @Test
    void who_comes_back_and_has_the_newest_counts_is_not_sent_them_again() throws IOException {
        try (Wire first = new Wire().look()) {
            first.block();
            first.block();
            String id = first.block().get(0).substring("id: ".length());
            try (Wire again = new Wire().look("Last-Event-ID: " + id)) {
                again.block();
                again.block();
                Signer.of(petition, "AM").signs().verifies(1);
                assertThat(again.event().get("position").asLong())
                        .isGreaterThan(Long.parseLong(id.substring(id.indexOf('-') + 1)));
            }
        }
    }

    @Test
    void pages_of_the_configured_origins_may_read_streams_and_others_not() throws IOException {
        try (Wire page = new Wire().look("Origin: http://localhost:8080")) {
            assertThat(page.block()).contains("Access-Control-Allow-Origin: http://localhost:8080", "Vary: Origin");
        }
        try (Wire page =
                new Wire().get("/api/petitions/" + petition + "/counts", "Origin: https://elsewhere.example")) {
            assertThat(page.block().get(0)).startsWith("HTTP/1.1 403 ");
        }
        try (Wire page = new Wire().get("/api/petitions/no-such/counts/stream")) {
            assertThat(page.block().get(0)).isEqualTo("HTTP/1.1 404 ");
        }
    }

    @Test
    void beyond_the_viewer_limit_a_stream_is_503_until_a_place_is_free() throws IOException {
        List<Wire> viewers = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_VIEWERS; i++) {
                Wire viewer = new Wire().look();
                viewers.add(viewer);
                viewer.event();
            }
            try (Wire oneMore = new Wire().look()) {
                assertThat(oneMore.block()).contains("HTTP/1.1 503 ", "Retry-After: 30");
            }
            assertThat(get("/api/petitions/" + petition + "/counts").status()).isEqualTo(200);
            viewers.remove(0).close();
            await().atMost(PATIENCE).until(() -> {
                Wire next = new Wire().look();
                viewers.add(next);
                return next.block().contains("HTTP/1.1 200 ");
            });
        } finally {
            for (Wire viewer : viewers) {
                viewer.close();
            }
        }
        awaitNobodyLooks();
    }

    @Test
    void what_is_no_plain_question_for_counts_goes_to_the_web_server() throws IOException {
        try (Wire old = new Wire().send("GET /api/petitions/" + petition + "/counts HTTP/1.0")) {
            assertThat(old.block().get(0)).startsWith("HTTP/1.1 200");
        }
        try (Wire head = new Wire().send("HEAD /api/petitions/" + petition + "/counts HTTP/1.1", "Host: localhost")) {
            assertThat(head.block().get(0)).startsWith("HTTP/1.1 200");
        }
        try (Wire noHost = new Wire().send("GET /api/milestones HTTP/1.1")) {
            assertThat(noHost.block().get(0)).startsWith("HTTP/1.1 400");
        }
        try (Wire garbage = new Wire().send("\u0001\u0002")) {
            assertThat(garbage.block().get(0)).startsWith("HTTP/1.1 400");
        }
        try (Wire large = new Wire().get("/api/milestones", "X-Filler: " + "x".repeat(20_000))) {
            assertThat(large.block().get(0)).startsWith("HTTP/1.1 4");
        }
        assertThat(get("/api/milestones").status()).isEqualTo(200);
    }
}
