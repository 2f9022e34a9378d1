package org.countersign.signature.web.counts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.petition.Petition;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * How a petition grew and grows, for its page, from the counter's API: asked every two seconds at most, and never
 * waited for long.
 */
@Component
public class GrowthClient {

    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMillis(600);
    private static final Duration SHOWN_BY_MINUTE = Duration.ofHours(36);
    private static final Duration SHOWN_BY_HOUR = Duration.ofDays(60);
    private static final int COUNTRIES = 10;
    private static final Map<ChronoUnit, String> NAMES =
            Map.of(ChronoUnit.MINUTES, "minute", ChronoUnit.HOURS, "hour", ChronoUnit.DAYS, "day");

    /**
     * What there is to show.
     *
     * @param nextMilestone 0 if there is none
     * @param projectedAt when that is reached at the present pace, null if nobody can say
     * @param confirmed of a hundred who signed so many
     * @param countries those with the most signatures
     * @param chart null if nothing has been counted yet
     */
    record View(
            long lastMinute,
            long lastHour,
            long lastDay,
            long nextMilestone,
            Instant projectedAt,
            long signed,
            long confirmed,
            List<FromCountry> countries,
            Chart chart) {}

    record FromCountry(String country, long verified) {}

    private final CounterClient counter;
    private final Clock clock;
    private final Cache<PetitionSlug, CompletableFuture<Optional<View>>> asked =
            Caffeine.newBuilder().expireAfterWrite(FRESH).maximumSize(10_000).build();

    GrowthClient(CounterClient counter, Clock clock) {
        this.counter = counter;
        this.clock = clock;
    }

    /** How it stands; nothing if the counter does not say so soon enough. */
    public Optional<View> of(Petition petition) {
        return asked.get(petition.slug(), slug -> ask(petition)).join();
    }

    private CompletableFuture<Optional<View>> ask(Petition petition) {
        Instant now = clock.instant();
        CompletableFuture<JsonNode> pace = get(petition.slug(), "counts/pace");
        CompletableFuture<JsonNode> countries = get(petition.slug(), "counts/countries");
        ChronoUnit bucket = bucket(Duration.between(petition.publishedAt(), now));
        CompletableFuture<JsonNode> history = get(petition.slug(), "counts/history?bucket=" + NAMES.get(bucket));
        CompletableFuture<JsonNode> milestones = get(petition.slug(), "milestones");
        return CompletableFuture.allOf(pace, countries, history, milestones)
                .thenApply(all -> Optional.of(view(
                        pace.join(),
                        history.join(),
                        countries(countries.join()),
                        chart(petition.publishedAt(), now, bucket.getDuration(), history.join(), milestones.join()))))
                .exceptionally(away -> Optional.empty());
    }

    private static ChronoUnit bucket(Duration age) {
        return age.compareTo(SHOWN_BY_MINUTE) < 0
                ? ChronoUnit.MINUTES
                : age.compareTo(SHOWN_BY_HOUR) < 0 ? ChronoUnit.HOURS : ChronoUnit.DAYS;
    }

    private CompletableFuture<JsonNode> get(PetitionSlug petition, String what) {
        return counter.get("/api/petitions/" + petition + "/" + what, PATIENCE);
    }

    private static View view(JsonNode pace, JsonNode history, List<FromCountry> countries, Chart chart) {
        JsonNode projected = pace.path("projectedAt");
        long signed = history.valueStream()
                .mapToLong(bucket -> bucket.path("signed").asLong())
                .sum();
        long verified = history.valueStream()
                .mapToLong(bucket -> bucket.path("verified").asLong())
                .sum();
        return new View(
                pace.path("lastMinute").asLong(),
                pace.path("lastHour").asLong(),
                pace.path("lastDay").asLong(),
                pace.path("nextMilestone").asLong(0),
                projected.isString() ? Instant.parse(projected.asString()) : null,
                signed,
                signed == 0 ? 0 : Math.round(100.0 * verified / signed),
                countries,
                chart);
    }

    private static List<FromCountry> countries(JsonNode countries) {
        return StreamSupport.stream(countries.spliterator(), false)
                .limit(COUNTRIES)
                .map(one -> new FromCountry(
                        one.path("country").asString(), one.path("verified").asLong()))
                .toList();
    }

    private static Chart chart(Instant from, Instant to, Duration bucket, JsonNode history, JsonNode milestones) {
        List<Chart.Point> reached = new ArrayList<>();
        milestones.forEach(one -> reached.add(new Chart.Point(
                Instant.parse(one.path("reachedAt").asString()),
                one.path("threshold").asLong())));
        List<Chart.Point> points = new ArrayList<>(reached);
        history.forEach(one -> {
            Instant end = Instant.parse(one.path("start").asString()).plus(bucket);
            points.add(new Chart.Point(
                    end.isBefore(to) ? end : to, one.path("total").asLong()));
        });
        points.sort(Comparator.comparing(Chart.Point::at));
        return points.isEmpty() ? null : Chart.of(from, to, points, reached);
    }
}
