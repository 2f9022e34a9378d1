package org.countersign.signature.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.countersign.counting.Fold;
import org.countersign.counting.PetitionCounts;
import org.countersign.events.MilestoneReached;
import org.countersign.events.SignatureStatus;
import org.countersign.support.management.InternalSecret;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * All counts, read from the counter or computed from the history, in one comparable form.
 *
 * @param index the index of the last counted event
 * @param values the counts by description, for example {@code more-trees, verified}
 */
record CounterSnapshot(long index, Map<String, String> values) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PUBLIC_POSITION = "public position";
    private static final Set<SignatureStatus> STATUSES = EnumSet.complementOf(EnumSet.of(SignatureStatus.NONE));
    private static final List<String> NUMBERS = Stream.concat(
                    STATUSES.stream().map(SignatureStatus::text),
                    Stream.of("goal", "lastMilestone", "asOfIndex", "position"))
            .toList();

    /** Reads the snapshot of the counter. */
    @Component
    static class SnapshotSource {

        private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
        /** The counter writes all counts to a file before it answers. */
        private static final Duration TIMEOUT = Duration.ofSeconds(60);

        private final URI address;
        private final InternalSecret secret;
        private final HttpClient client =
                HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

        SnapshotSource(@Value("${countersign.counter.management-url}") String counter, InternalSecret secret) {
            this.address = URI.create(counter + "/internal/snapshot");
            this.secret = secret;
        }

        /**
         * Reads all counts of one moment.
         *
         * @throws IOException if the counter does not answer, or with an unknown format
         */
        CounterSnapshot take() throws IOException, InterruptedException {
            HttpResponse<java.io.InputStream> response = client.send(
                    HttpRequest.newBuilder(address)
                            .timeout(TIMEOUT)
                            .header("Authorization", secret.authorization())
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                if (response.statusCode() != 200) {
                    throw new IOException("The counter answered " + response.statusCode());
                }
                return read(lines);
            }
        }

        private static CounterSnapshot read(BufferedReader lines) throws IOException {
            long index = -1;
            boolean complete = false;
            Map<String, String> values = new TreeMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode json = JSON.readTree(line);
                String petition = json.path("petition").asString("");
                switch (json.required("is").asString()) {
                    case "position" -> {
                        index = json.required("index").asLong();
                        values.put(
                                PUBLIC_POSITION,
                                Long.toString(json.required("position").asLong()));
                    }
                    case "counts" -> {
                        for (String name : NUMBERS) {
                            values.put(
                                    petition + ", " + name,
                                    Long.toString(json.required(name).asLong()));
                        }
                        values.put(
                                petition + ", asOf",
                                text(Instant.parse(json.required("asOf").asString())));
                    }
                    case "country" ->
                        put(
                                values,
                                petition + ", verified in "
                                        + json.required("country").asString(),
                                json.required("verified").asLong());
                    case "bucket" -> {
                        String bucket = json.required("width").asString() + " "
                                + json.required("start").asString();
                        put(
                                values,
                                petition + ", verified in the " + bucket,
                                json.required("verified").asLong());
                        put(
                                values,
                                petition + ", signed in the " + bucket,
                                json.required("signed").asLong());
                    }
                    case "milestone" ->
                        putMilestone(
                                values,
                                petition,
                                json.required("threshold").asLong(),
                                json.required("index").asLong(),
                                json.required("position").asLong());
                    case "end" -> complete = true;
                    default -> throw new IOException("The counter answered in an unknown format");
                }
            }
            if (!complete || index < 0) {
                throw new IOException("The response of the counter is incomplete");
            }
            return new CounterSnapshot(index, values);
        }
    }

    /** Returns the counts that the counter should show after the events of a fold. */
    static CounterSnapshot of(long index, Fold fold) {
        Map<String, String> values = new TreeMap<>();
        values.put(PUBLIC_POSITION, Long.toString(fold.position()));
        for (Fold.PetitionDelta change : fold.changes()) {
            String petition = change.petition();
            PetitionCounts counts = change.counts();
            for (SignatureStatus status : STATUSES) {
                values.put(petition + ", " + status.text(), Long.toString(counts.signatures(status)));
            }
            values.put(petition + ", goal", Long.toString(counts.milestones().goal()));
            values.put(petition + ", lastMilestone", Long.toString(counts.lastMilestone()));
            values.put(petition + ", asOfIndex", Long.toString(counts.asOfIndex()));
            values.put(petition + ", position", Long.toString(counts.position()));
            values.put(petition + ", asOf", text(counts.asOf()));
            change.countries()
                    .forEach((country, verified) -> put(values, petition + ", verified in " + country, verified));
            putBuckets(values, petition, change);
        }
        for (Fold.PublicMilestone milestone : fold.publicMilestones()) {
            MilestoneReached reached = milestone.event();
            putMilestone(
                    values, reached.petition().value(), reached.threshold(), reached.reachedBy(), milestone.position());
        }
        return new CounterSnapshot(index, values);
    }

    private static void putMilestone(
            Map<String, String> values, String petition, long threshold, long index, long position) {
        values.put(petition + ", event that reached " + threshold, Long.toString(index));
        values.put(petition + ", position of milestone " + threshold, Long.toString(position));
    }

    /** The database of the counter has microseconds. */
    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).toString();
    }

    private static void putBuckets(Map<String, String> values, String petition, Fold.PetitionDelta change) {
        Map<String, Long> sums = new HashMap<>();
        for (Fold.MinuteChange minute : change.minutes()) {
            for (String bucket : List.of(
                    "minute " + minute.begin(),
                    "hour " + minute.begin().truncatedTo(ChronoUnit.HOURS),
                    "day " + minute.begin().truncatedTo(ChronoUnit.DAYS))) {
                sums.merge("verified in the " + bucket, minute.verified(), Long::sum);
                sums.merge("signed in the " + bucket, minute.signed(), Long::sum);
            }
        }
        sums.forEach((of, number) -> put(values, petition + ", " + of, number));
    }

    /** A missing country or minute equals a count of zero. */
    private static void put(Map<String, String> values, String of, long number) {
        if (number != 0) {
            values.put(of, Long.toString(number));
        }
    }

    /** Describes the differences from another snapshot. */
    Set<String> differencesFrom(CounterSnapshot expected) {
        Set<String> differences = new TreeSet<>();
        Set<String> all = new TreeSet<>(values.keySet());
        all.addAll(expected.values.keySet());
        for (String of : all) {
            String fromCounter = values.getOrDefault(of, "none");
            String fromHistory = expected.values.getOrDefault(of, "none");
            if (!fromCounter.equals(fromHistory)) {
                differences.add(of + ": the counter shows " + fromCounter + ", the history gives " + fromHistory);
            }
        }
        return differences;
    }
}
