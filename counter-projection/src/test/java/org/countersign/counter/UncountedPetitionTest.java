package org.countersign.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.countersign.events.PetitionSlug;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts and streams of a petition that is published and that the counter has not read yet. */
class UncountedPetitionTest extends RunningCounter {

    private static String newSlug() {
        return "new-" + UUID.randomUUID();
    }

    private static String petition(String slug) {
        return "{\"slug\":\"%s\",\"goal\":500,\"milestones\":[50,250],\"publishedAt\":\"2030-01-31T12:00:00Z\"}"
                .formatted(slug);
    }

    private HttpProbe.Response counts(String slug) {
        return get("/api/petitions/" + slug + "/counts");
    }

    /** A stream, and the lines that it has sent. */
    private final class Stream implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader reader;

        private Stream(String slug) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), fanOut.port());
            socket.setSoTimeout(60_000);
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            socket.getOutputStream()
                    .write(("GET /api/petitions/" + slug + "/counts/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        /** Reads up to a line that contains the text. */
        String lineWith(String text) throws IOException {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.contains(text)) {
                    return line;
                }
            }
            throw new IOException("The stream ended before: " + text);
        }

        List<String> rest() throws IOException {
            List<String> lines = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
            return lines;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void counts_are_0_from_the_moment_of_publication() {
        String slug = newSlug();
        SIGNATURE_SERVICE.answer(slug, 200, petition(slug));
        HttpProbe.Response response = counts(slug);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.json().get("verified").asLong()).isZero();
        assertThat(response.json().get("goal").asLong()).isEqualTo(500);
        assertThat(response.json().get("nextMilestone").asLong()).isEqualTo(50);
        assertThat(get("/api/petitions/" + slug + "/milestones").body()).isEqualTo("[]");
    }

    @Test
    void a_stream_shows_0_at_once_and_follows_when_the_counter_catches_up() throws IOException {
        PetitionSlug slug = new PetitionSlug(newSlug());
        SIGNATURE_SERVICE.answer(slug.value(), 200, petition(slug.value()));
        try (Stream stream = new Stream(slug.value())) {
            stream.lineWith("\"verified\":0");
            publish(slug, List.of(50L, 250L), 500);
            Signer.of(slug, "GB").signs().verifies(1);
            assertThat(stream.lineWith("\"verified\":1")).contains("\"goal\":500");
        }
    }

    @Test
    void an_unknown_petition_is_404_until_it_is_published() throws IOException {
        String slug = newSlug();
        assertThat(counts(slug).status()).isEqualTo(404);
        try (Stream stream = new Stream(slug)) {
            stream.lineWith("HTTP/1.1 404");
        }
        SIGNATURE_SERVICE.answer(slug, 200, petition(slug));
        await().atMost(PATIENCE).until(() -> counts(slug).status() == 200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "not JSON",
                "{\"slug\":\"another\",\"goal\":1}",
                "{\"goal\":\"many\"}",
                "{\"slug\":\"SLUG\",\"goal\":5,\"publishedAt\":\"yesterday\"}"
            })
    void a_strange_answer_of_the_signature_service_is_503(String body) {
        String slug = newSlug();
        SIGNATURE_SERVICE.answer(slug, 200, body.replace("SLUG", slug));
        HttpProbe.Response response = counts(slug);
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void a_huge_answer_is_503() {
        String slug = newSlug();
        SIGNATURE_SERVICE.answer(slug, 200, petition(slug) + " ".repeat(1 << 20));
        assertThat(counts(slug).status()).isEqualTo(503);
    }

    @Test
    void a_browser_reconnects_while_the_signature_service_fails() throws IOException {
        String slug = newSlug();
        SIGNATURE_SERVICE.answer(slug, 500, "");
        assertThat(counts(slug).status()).isEqualTo(503);
        try (Stream stream = new Stream(slug)) {
            // An EventSource gives up after an error status, and reconnects after a stream that ends.
            stream.lineWith("HTTP/1.1 200");
            assertThat(stream.rest())
                    .anyMatch(line -> line.startsWith("retry:"))
                    .noneMatch(line -> line.startsWith("data:"));
        }
        SIGNATURE_SERVICE.answer(slug, 200, petition(slug));
        await().atMost(Duration.ofSeconds(2)).until(() -> counts(slug).status() == 200);
        try (Stream stream = new Stream(slug)) {
            stream.lineWith("\"verified\":0");
        }
    }

    @Test
    void a_body_that_never_ends_is_503_within_seconds() {
        String slug = newSlug();
        SIGNATURE_SERVICE.answerSlowly(slug);
        long begin = System.nanoTime();
        assertThat(counts(slug).status()).isEqualTo(503);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 500})
    void many_requests_for_one_unknown_name_make_few_calls(int status) {
        String slug = newSlug();
        SIGNATURE_SERVICE.answer(slug, status, "");
        for (int i = 0; i < 100; i++) {
            assertThat(counts(slug).status()).isIn(404, 503);
        }
        assertThat(SIGNATURE_SERVICE.calls(slug)).isLessThan(10);
    }

    @Test
    void a_waiting_lookup_ends_in_time_while_others_hang() throws IOException {
        CountDownLatch hang = new CountDownLatch(1);
        SIGNATURE_SERVICE.hangUntil(hang);
        List<Stream> streams = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                streams.add(new Stream(newSlug()));
            }
            long begin = System.nanoTime();
            for (Stream stream : streams) {
                stream.lineWith("HTTP/1.1 200");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        } finally {
            hang.countDown();
            for (Stream stream : streams) {
                stream.close();
            }
        }
    }

    @Test
    void lookups_that_hang_delay_nobody_else() {
        CountDownLatch hang = new CountDownLatch(1);
        SIGNATURE_SERVICE.hangUntil(hang);
        try {
            List<CompletableFuture<Integer>> hanging = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String slug = newSlug();
                hanging.add(CompletableFuture.supplyAsync(() -> counts(slug).status(), command -> {
                    Thread thread = new Thread(command);
                    thread.setDaemon(true);
                    thread.start();
                }));
            }
            PetitionSlug known = publishedPetition();
            await().atMost(PATIENCE).until(() -> counts(known.value()).status() == 200);
            assertThat(SIGNATURE_SERVICE.mostConcurrentCalls()).isLessThanOrEqualTo(4);
            hang.countDown();
            assertThat(hanging).allSatisfy(status -> assertThat(status.join()).isIn(404, 503));
        } finally {
            hang.countDown();
        }
    }

    private PetitionSlug publishedPetition() {
        return petition(List.of(), 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"known", "seen", "unknown"})
    void both_ways_to_answer_give_the_same_response(String kind) {
        PetitionSlug slug = publishedPetition();
        await().atMost(PATIENCE).until(() -> counts(slug.value()).status() == 200);
        String path = "/api/petitions/" + (kind.equals("unknown") ? "no-such-petition" : slug) + "/counts";
        String tag =
                kind.equals("seen") ? get(path).headers().firstValue("ETag").orElseThrow() : "\"none\"";
        HttpProbe.Response fast = get(path, "If-None-Match", tag, "Origin", "http://localhost:8080");
        // The event loop passes requests with a range to the web server.
        HttpProbe.Response slow = get(path, "If-None-Match", tag, "Origin", "http://localhost:8080", "Range", "none");
        assertThat(slow.status()).isEqualTo(fast.status());
        assertThat(slow.body()).isEqualTo(fast.body());
        assertThat(headers(slow)).isEqualTo(headers(fast));
    }

    private static List<String> headers(HttpProbe.Response response) {
        return response.headers().map().entrySet().stream()
                .filter(header -> !List.of("date", "keep-alive", "connection", "accept-ranges")
                        .contains(header.getKey().toLowerCase(java.util.Locale.ROOT)))
                .map(header -> header.getKey().toLowerCase(java.util.Locale.ROOT) + ": " + header.getValue())
                .sorted()
                .toList();
    }
}
