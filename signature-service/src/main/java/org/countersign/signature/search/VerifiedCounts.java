package org.countersign.signature.search;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.countersign.events.PetitionSlug;
import org.countersign.support.management.InternalSecret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The verified counts of all petitions, for lists. One call every two seconds asks the counter for those that have
 * changed since the last one. While the counter does not answer, the last known counts stay.
 */
@Component
public class VerifiedCounts {

    private static final Logger LOG = LoggerFactory.getLogger(VerifiedCounts.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String PATH = "/internal/counts?generation=%d&after=%d";

    private final String counter;
    private final InternalSecret secret;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private volatile KnownCounts known = new KnownCounts(-1, new ConcurrentHashMap<>());
    private long cursor = -1;

    VerifiedCounts(@Value("${countersign.counter.management-url}") String counter, InternalSecret secret) {
        this.counter = counter;
        this.secret = secret;
    }

    /** A count and the public position of the event that made it. Another counter instance may answer an older one. */
    private record KnownCount(long verified, long position) {}

    /** @param generation increases with each rebuild of the counts; -1 before the first answer */
    private record KnownCounts(long generation, Map<String, KnownCount> counts) {}

    /** Returns the number of verified signatures, or empty if it is not known. */
    public OptionalLong of(PetitionSlug petition) {
        KnownCount count = known.counts().get(petition.value());
        return count == null ? OptionalLong.empty() : OptionalLong.of(count.verified());
    }

    /** Tells whether the counter has answered since the start. */
    public boolean isKnown() {
        return known.generation() >= 0;
    }

    /** Asks the counter for the changes. */
    @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void refresh() {
        try {
            read();
        } catch (IOException | JacksonException e) {
            LOG.debug("The counter does not answer with its counts; retrying on schedule: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() throws IOException, InterruptedException {
        JsonNode page = ask(known.generation(), cursor);
        long generation = page.required("generation").asLong();
        // Counts of another generation replace all counts, once all of them have arrived.
        Map<String, KnownCount> counts = generation == known.generation() ? known.counts() : new ConcurrentHashMap<>();
        Map<String, KnownCount> arrived = new HashMap<>();
        collect(page, arrived);
        while (page.required("more").asBoolean()) {
            page = ask(generation, page.required("position").asLong());
            if (page.required("generation").asLong() != generation) {
                return;
            }
            collect(page, arrived);
        }
        arrived.forEach((petition, count) ->
                counts.merge(petition, count, (old, next) -> next.position() >= old.position() ? next : old));
        cursor = page.required("position").asLong();
        known = new KnownCounts(generation, counts);
    }

    private static void collect(JsonNode page, Map<String, KnownCount> arrived) {
        for (JsonNode count : page.required("counts")) {
            arrived.put(
                    count.required("petition").asString(),
                    new KnownCount(
                            count.required("verified").asLong(),
                            count.required("position").asLong()));
        }
    }

    private JsonNode ask(long generation, long after) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(
                HttpRequest.newBuilder(URI.create(counter + PATH.formatted(generation, after)))
                        .timeout(TIMEOUT)
                        .header("Authorization", secret.authorization())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("The counter answered " + response.statusCode());
        }
        return JSON.readTree(response.body());
    }
}
