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
 * The counts for pages, from the counter's API. Asked at most once a second for each petition and never waited for
 * long: when the counter is away, pages show the last number there was.
 */
@Component
public class CurrentCounts {

    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMillis(400);

    /**
     * Where a petition stands.
     *
     * @param nextMilestone the next count people are told of; 0 if there is none
     */
    public record Counts(long verified, long nextMilestone) {}

    private final CounterClient counter;
    private final Cache<PetitionSlug, CompletableFuture<Optional<Counts>>> asked =
            Caffeine.newBuilder().expireAfterWrite(FRESH).maximumSize(10_000).build();
    private final Map<PetitionSlug, Counts> last = new ConcurrentHashMap<>();

    CurrentCounts(CounterClient counter) {
        this.counter = counter;
    }

    /** The counts now, or the last ones known, or none if the counter was never reached. */
    public Optional<Counts> of(PetitionSlug petition) {
        return asked.get(petition, this::ask).join().or(() -> Optional.ofNullable(last.get(petition)));
    }

    private CompletableFuture<Optional<Counts>> ask(PetitionSlug petition) {
        return counter.get("/api/petitions/" + petition + "/counts", PATIENCE)
                .thenApply(json -> {
                    Counts counts = new Counts(
                            json.required("verified").asLong(),
                            json.path("nextMilestone").asLong(0));
                    last.put(petition, counts);
                    return Optional.of(counts);
                })
                .exceptionally(away -> Optional.empty());
    }
}
