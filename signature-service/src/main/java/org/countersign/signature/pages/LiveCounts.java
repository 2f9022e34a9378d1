package org.countersign.signature.pages;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.events.PetitionSlug;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The counts for pages, from the counter's API. Asked at most once a second for each petition and never waited for long:
 * when the counter is away, pages show the last number there was.
 */
@Component
class LiveCounts {

    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Where a petition stands.
     *
     * @param nextMilestone the next count people are told of; 0 if there is none
     */
    record Counts(long verified, long nextMilestone) {
    }

    private final String counter;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Cache<PetitionSlug, CompletableFuture<Optional<Counts>>> asked =
            Caffeine.newBuilder().expireAfterWrite(FRESH).maximumSize(10_000).build();
    private final Map<PetitionSlug, Counts> last = new ConcurrentHashMap<>();

    LiveCounts(@Value("${countersign.counter.internal-url}") String counter) {
        this.counter = counter;
    }

    /** The counts now, or the last ones known, or none if the counter was never reached. */
    Optional<Counts> of(PetitionSlug petition) {
        return asked.get(petition, this::ask).join().or(() -> Optional.ofNullable(last.get(petition)));
    }

    private CompletableFuture<Optional<Counts>> ask(PetitionSlug petition) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(counter + "/api/petitions/" + petition + "/counts")).timeout(PATIENCE).build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).thenApply(response -> {
            Optional<Counts> counts = response.statusCode() == 200 ? Optional.of(counts(response.body())) : Optional.<Counts>empty();
            counts.ifPresent(found -> last.put(petition, found));
            return counts;
        }).exceptionally(away -> Optional.empty());
    }

    private static Counts counts(byte[] body) {
        JsonNode json = JSON.readTree(body);
        return new Counts(json.required("verified").asLong(), json.path("nextMilestone").asLong(0));
    }
}
