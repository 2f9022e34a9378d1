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
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * The growth of petitions, from the API of the counter.
 *
 * <p>Each petition is requested at most once every two seconds, with a short timeout.
 */
@Component
public class GrowthClient {

    private static final Duration MAX_AGE = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofMillis(600);
    private static final Duration MAX_AGE_FOR_MINUTES = Duration.ofHours(36);
    private static final Duration MAX_AGE_FOR_HOURS = Duration.ofDays(60);
    private static final int MAX_COUNTRIES = 10;
    private static final Map<ChronoUnit, String> BUCKET_NAMES =
            Map.of(ChronoUnit.MINUTES, "minute", ChronoUnit.HOURS, "hour", ChronoUnit.DAYS, "day");

    /**
     * The growth of a petition.
     *
     * @param lastMinute the signatures verified in the last minute
     * @param lastHour the signatures verified in the last hour
     * @param lastDay the signatures verified in the last day
     * @param nextMilestone the next milestone; 0 if there is none
     * @param projectedAt when the next milestone is reached at the current rate; null if unknown
     * @param countries the countries with the most signatures
     * @param chart the count over time; null if nothing has been counted yet
     */
    record Growth(
            long lastMinute,
            long lastHour,
            long lastDay,
            long nextMilestone,
            @Nullable Instant projectedAt,
            List<CountryCount> countries,
            @Nullable Chart chart) {}

    /** The verified signatures of a country. */
    record CountryCount(String country, long verified) {}

    private final CounterClient counter;
    private final Clock clock;
    private final Cache<PetitionSlug, CompletableFuture<Optional<Growth>>> requests =
            Caffeine.newBuilder().expireAfterWrite(MAX_AGE).maximumSize(10_000).build();

    GrowthClient(CounterClient counter, Clock clock) {
        this.counter = counter;
        this.clock = clock;
    }

    /** Returns the growth of a petition, or empty if the counter does not answer in time. */
    public Optional<Growth> of(Petition petition) {
        return requests.get(petition.slug(), slug -> request(petition)).join();
    }

    private CompletableFuture<Optional<Growth>> request(Petition petition) {
        Instant now = clock.instant();
        CompletableFuture<JsonNode> pace = get(petition.slug(), "counts/pace");
        CompletableFuture<JsonNode> countries = get(petition.slug(), "counts/countries");
        ChronoUnit bucket = bucket(Duration.between(petition.publishedAt(), now));
        CompletableFuture<JsonNode> history = get(petition.slug(), "counts/history?bucket=" + BUCKET_NAMES.get(bucket));
        CompletableFuture<JsonNode> milestones = get(petition.slug(), "milestones");
        return CompletableFuture.allOf(pace, countries, history, milestones)
                .thenApply(all -> Optional.of(growth(
                        pace.join(),
                        countries(countries.join()),
                        chart(petition.publishedAt(), now, bucket.getDuration(), history.join(), milestones.join()))))
                .exceptionally(failure -> Optional.empty());
    }

    private static ChronoUnit bucket(Duration age) {
        return age.compareTo(MAX_AGE_FOR_MINUTES) < 0
                ? ChronoUnit.MINUTES
                : age.compareTo(MAX_AGE_FOR_HOURS) < 0 ? ChronoUnit.HOURS : ChronoUnit.DAYS;
    }

    private CompletableFuture<JsonNode> get(PetitionSlug petition, String what) {
        return counter.get("/api/petitions/" + petition + "/" + what, TIMEOUT);
    }

    private static Growth growth(JsonNode pace, List<CountryCount> countries, @Nullable Chart chart) {
        JsonNode projected = pace.path("projectedAt");
        return new Growth(
                pace.path("lastMinute").asLong(),
                pace.path("lastHour").asLong(),
                pace.path("lastDay").asLong(),
                pace.path("nextMilestone").asLong(0),
                projected.isString() ? Instant.parse(projected.asString()) : null,
                countries,
                chart);
    }

    private static List<CountryCount> countries(JsonNode countries) {
        return StreamSupport.stream(countries.spliterator(), false)
                .limit(MAX_COUNTRIES)
                .map(one -> new CountryCount(
                        one.path("country").asString(), one.path("verified").asLong()))
                .toList();
    }

    private static @Nullable Chart chart(
            Instant from, Instant to, Duration bucket, JsonNode history, JsonNode milestones) {
        List<Chart.ChartPoint> reached = new ArrayList<>();
        milestones.forEach(one -> reached.add(new Chart.ChartPoint(
                Instant.parse(one.path("reachedAt").asString()),
                one.path("threshold").asLong())));
        List<Chart.ChartPoint> points = new ArrayList<>(reached);
        history.forEach(one -> {
            Instant end = Instant.parse(one.path("start").asString()).plus(bucket);
            points.add(new Chart.ChartPoint(
                    end.isBefore(to) ? end : to, one.path("total").asLong()));
        });
        points.sort(Comparator.comparing(Chart.ChartPoint::at));
        return points.isEmpty() ? null : Chart.of(from, to, points, reached);
    }
}
