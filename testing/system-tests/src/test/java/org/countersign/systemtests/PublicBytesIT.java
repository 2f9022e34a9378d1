package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Whatever a stranger submits with an address that is not theirs, no public byte depends on whether that address has
 * signed before.
 */
class PublicBytesIT {

    private static final Path HOME = Path.of(System.getProperty("countersign.home"));
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** Longer than any cache of the shared stack keeps an answer. */
    private static final Duration CACHES = Duration.ofSeconds(12);

    private static final List<String> SERVICES = List.of("signature-service", "counter-projection", "notifier");
    private static final List<String> LANGUAGES = List.of("en", "de", "fr", "hy", "ar");
    private static final int TILE = 256;
    /** Paths that no controller answers, or that only the management port may answer. */
    private static final List<String> ELSEWHERE = List.of(
            "/robots.txt",
            "/sitemap.xml",
            "/favicon.ico",
            "/api/snapshot",
            "/internal/snapshot",
            "/actuator/health",
            "/actuator/prometheus",
            "/v3/api-docs");

    private final RunningStack stack = RunningStack.shared();
    private final ApiClient api = new ApiClient();
    private String petition = "";
    private String other = "";
    private String signature = "";

    @Test
    void no_public_byte_tells_whether_an_address_has_signed() throws IOException, InterruptedException {
        petition = stack.publish(Map.of("slug", "nobody-can-tell", "milestones", List.of(2, 50)));
        other = stack.publish(Map.of("slug", "nobody-can-tell-either"));
        List<String> known = signersOfEachStatus();
        awaitCounted();
        PublicSnapshot before = awaitStable();

        List<String> answers = new ArrayList<>();
        String streamed;
        try (Socket stream = openStream()) {
            for (int i = 0; i < 10; i++) {
                answers.add(sign("new-" + i + "@stranger.example"));
                answers.add(sign(known.get(i)));
            }
            awaitCounted();
            TimeUnit.MILLISECONDS.sleep(CACHES.toMillis());
            // A clock sends this comment to every stream, so that proxies keep the connection.
            streamed = read(stream.getInputStream()).replace(": still here\n\n", "");
        }
        assertThat(new HashSet<>(answers)).as("answers to the 20 calls").hasSize(1);
        assertThat(streamed).as("what the stream said meanwhile").isEmpty();
        assertThat(before.size()).isGreaterThan(100);
        // A cache that refreshes an old answer after it was read shows the new one at the second reading.
        for (int reading = 1; reading <= 2; reading++) {
            assertThat(snapshot().differencesFrom(before))
                    .as("public responses that changed, reading " + reading)
                    .isEmpty();
        }

        // A public event changes these responses, so the comparison can detect a change.
        stack.confirm(stack.mails().await("new-0@stranger.example", 1).token("confirm"));
        awaitCounted();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(String.join("\n", snapshot().differencesFrom(before)))
                        .contains(
                                "/api/petitions/" + petition + "/counts",
                                "/counts/history?bucket=minute",
                                "/log/checkpoint",
                                "/petitions/" + petition + " "));
    }

    /** Returns ten addresses: pending, verified, withdrawn and invalidated ones. */
    private List<String> signersOfEachStatus() {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String address = stack.sign(petition, "known-" + i + "@citizen.example", Map.of("public", true));
            addresses.add(address);
            if (i < 3) {
                continue;
            }
            MailboxReader.Mail mail = stack.mails().await(address, 1);
            JsonNode verified = ApiClient.require(
                            200,
                            api.post(
                                    stack.ports().signatureService(),
                                    "/api/signatures/verify",
                                    Map.of("token", mail.token("confirm")),
                                    Optional.empty()))
                    .json();
            signature = verified.get("signatureId").asString();
            if (i == 6 || i == 7) {
                stack.withdraw(mail.token("withdraw"));
            } else if (i > 7) {
                ApiClient.require(
                        200,
                        api.post(
                                stack.ports().signatureService(),
                                "/api/signatures/" + signature + "/invalidate",
                                Map.of("reason", "Not a person."),
                                RunningStack.organiser()));
            }
        }
        return addresses;
    }

    private String sign(String address) throws IOException, InterruptedException {
        String form = "{\"name\":\"Sten Stranger\",\"email\":\"" + address + "\",\"country\":\"SE\",\"public\":true}";
        return PublicSnapshot.comparable(HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(stack.page("/api/petitions/" + petition + "/signatures")))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray()));
    }

    /** Waits until the counter has counted all events of the petition. */
    private void awaitCounted() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> stack.funnel(petition).path("asOfIndex").asLong() == lastIndex());
    }

    private long lastIndex() {
        List<Long> indexes = new ArrayList<>();
        api.lines(
                stack.ports().signatureService(),
                "GET",
                "/api/petitions/" + petition + "/history",
                RunningStack.auditor(),
                line -> indexes.add(line.path("index").asLong()));
        return indexes.get(indexes.size() - 1);
    }

    /** Waits until the growth of the last minute is over, and two snapshots with the caches between them are equal. */
    private PublicSnapshot awaitStable() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> api.get(
                                        stack.ports().counterProjection(),
                                        "/api/petitions/" + petition + "/counts/pace",
                                        Optional.empty())
                                .json()
                                .path("lastMinute")
                                .asLong()
                        == 0);
        List<PublicSnapshot> taken = new ArrayList<>(List.of(snapshot()));
        await().atMost(PATIENCE).pollDelay(CACHES).pollInterval(CACHES).untilAsserted(() -> {
            PublicSnapshot previous = taken.get(taken.size() - 1);
            taken.add(snapshot());
            assertThat(taken.get(taken.size() - 1).differencesFrom(previous)).isEmpty();
        });
        return taken.get(taken.size() - 1);
    }

    private PublicSnapshot snapshot() {
        PublicSnapshot snapshot = new PublicSnapshot();
        for (String service : SERVICES) {
            for (String url : urls(service)) {
                snapshot.add(url);
            }
        }
        for (String language : LANGUAGES) {
            snapshot.add(stack.page("/petitions/" + petition), "Accept-Language", language);
            snapshot.add(stack.page("/"), "Accept-Language", language);
        }
        return snapshot;
    }

    private Set<String> urls(String service) {
        Set<String> patterns = new TreeSet<>(PublicMappings.of(HOME, service));
        document(service).get("paths").properties().stream()
                .filter(path -> path.getValue().has("get"))
                .map(Map.Entry::getKey)
                .filter(path -> !path.startsWith("/log/tile/"))
                // The test keeps a stream open instead.
                .filter(path -> !path.endsWith("/counts/stream"))
                .forEach(patterns::add);
        patterns.addAll(ELSEWHERE);
        Set<String> urls = new TreeSet<>();
        patterns.stream().flatMap(this::paths).forEach(path -> urls.add(Ports.url(port(service)) + path));
        return urls;
    }

    /** Puts values in the place of variables, and adds the parameters that a path has. */
    private Stream<String> paths(String pattern) {
        if (pattern.equals("/log/tile/{*path}")) {
            return tiles();
        }
        Stream<String> paths = Stream.of(pattern);
        for (String variable : List.of("{petition}", "{slug}")) {
            paths = paths.flatMap(path -> path.contains(variable)
                    ? Stream.of(petition, other, "no-such-petition").map(slug -> path.replace(variable, slug))
                    : Stream.of(path));
        }
        return paths.map(path -> path.replace("{id}", signature).replace("{organisation}", "main"))
                .peek(path -> assertThat(path)
                        .as("a path variable without a value: add one to this test")
                        .doesNotContain("{"))
                .flatMap(this::withParameters);
    }

    private Stream<String> withParameters(String path) {
        if (path.endsWith("/history") && path.contains("/counts")) {
            return Stream.of("minute", "hour", "day").map(bucket -> path + "?bucket=" + bucket);
        }
        if (path.equals("/oembed")) {
            String page = URLEncoder.encode(stack.page("/petitions/" + petition), StandardCharsets.UTF_8);
            return Stream.of(path, path + "?url=" + page);
        }
        return Stream.of(path);
    }

    /** All tiles and entries under the signed head, and those that one more entry would add. */
    private Stream<String> tiles() {
        long size = Long.parseLong(api.get(stack.ports().signatureService(), "/log/checkpoint", Optional.empty())
                .body()
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow());
        List<String> tiles = new ArrayList<>();
        for (String kind : List.of("0", "entries")) {
            for (long tile = 0; tile < size / TILE; tile++) {
                tiles.add("/log/tile/" + kind + "/%03d".formatted(tile));
            }
            for (long width = Math.max(1, size % TILE); width <= size % TILE + 1; width++) {
                tiles.add("/log/tile/" + kind + "/%03d.p/%d".formatted(size / TILE, width));
            }
        }
        return tiles.stream();
    }

    private JsonNode document(String service) {
        int management = switch (service) {
            case "signature-service" -> stack.ports().signatureServiceManagement();
            case "counter-projection" -> stack.ports().counterProjectionManagement();
            default -> stack.ports().notifierManagement();
        };
        return api.get(management, "/v3/api-docs", Optional.empty()).json();
    }

    private int port(String service) {
        return switch (service) {
            case "signature-service" -> stack.ports().signatureService();
            case "counter-projection" -> stack.ports().counterProjection();
            default -> stack.ports().notifier();
        };
    }

    /** Opens a stream and reads its first event. */
    private Socket openStream() throws IOException {
        Socket stream = new Socket("127.0.0.1", stack.ports().counterProjection());
        stream.getOutputStream()
                .write(("GET /api/petitions/" + petition + "/counts/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        stream.setSoTimeout(2000);
        assertThat(read(stream.getInputStream())).contains("event: counts");
        return stream;
    }

    /** Reads until nothing comes for a while. */
    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                read.write(next);
            }
            read.writeBytes("(the stream ended)".getBytes(StandardCharsets.US_ASCII));
        } catch (SocketTimeoutException nothingMore) {
            // Streams stay open.
        }
        return read.toString(StandardCharsets.UTF_8);
    }
}
