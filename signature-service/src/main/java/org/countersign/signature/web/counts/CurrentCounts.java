package org.countersign.signature.web.counts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.events.PetitionSlug;
import org.springframework.stereotype.Component;

/**
 * The counts of petitions, from the API of the counter.
 *
 * <p>Each petition is requested at most once a second, with a short timeout. While the counter does not answer, pages
 * show the last known count.
 */
@Component
public class CurrentCounts {

    private static final Duration MAX_AGE = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofMillis(400);

    /**
     * The counts of a petition that its pages show.
     *
     * @param verified the number of verified signatures
     * @param nextMilestone the next milestone; 0 if there is none
     */
    public record PageCounts(long verified, long nextMilestone) {}

    private final CounterClient counter;
    private final Cache<PetitionSlug, CompletableFuture<Optional<PageCounts>>> requests =
            Caffeine.newBuilder().expireAfterWrite(MAX_AGE).maximumSize(10_000).build();
    private final Map<PetitionSlug, PageCounts> lastKnown = new ConcurrentHashMap<>();

    CurrentCounts(CounterClient counter) {
        this.counter = counter;
    }

    /** Returns the current or last known counts, or empty if the counter has never answered. */
    public Optional<PageCounts> of(PetitionSlug petition) {
        return requests.get(petition, this::request).join().or(() -> Optional.ofNullable(lastKnown.get(petition)));
    }

    private CompletableFuture<Optional<PageCounts>> request(PetitionSlug petition) {
        return counter.get("/api/petitions/" + petition + "/counts", TIMEOUT)
                .thenApply(json -> {
                    PageCounts counts = new PageCounts(
                            json.required("verified").asLong(),
                            json.path("nextMilestone").asLong(0));
                    lastKnown.put(petition, counts);
                    return Optional.of(counts);
                })
                .exceptionally(failure -> Optional.empty());
    }
}
