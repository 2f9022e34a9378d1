package org.countersign.counter.live;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Counts for requests that {@code fanout.HttpResponses} does not answer first: HEAD, and requests with unusual headers.
 * {@link CountsResponse} builds the response for both. The other calls read the history.
 */
@RestController
@RequestMapping("/api/petitions/{petition}")
class CountsController {

    private static final CacheControl PACE_CACHE_CONTROL =
            CacheControl.maxAge(Duration.ofSeconds(5)).cachePublic();
    private static final Instant START = Instant.EPOCH;
    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");
    private static final Duration MAX_PROJECTION = Duration.ofDays(365);

    private final CountsCache cache;
    private final CountHistory history;
    private final PetitionLookup lookup;
    private final Clock clock = Clock.systemUTC();

    CountsController(CountsCache cache, CountHistory history, PetitionLookup lookup) {
        this.cache = cache;
        this.history = history;
        this.lookup = lookup;
    }

    @GetMapping("/counts")
    ResponseEntity<byte[]> counts(
            @PathVariable String petition,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, defaultValue = "") String ifNoneMatch) {
        return entity(cache.of(petition)
                .map(version -> CountsResponse.of(version, ifNoneMatch))
                .orElseGet(() -> lookUp(petition, ifNoneMatch)));
    }

    private static ResponseEntity<byte[]> entity(CountsResponse response) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(response.status());
        response.headers().forEach(answer::header);
        return response.status() == HttpStatus.NOT_MODIFIED ? answer.build() : answer.body(response.body());
    }

    private CountsResponse lookUp(String petition, String ifNoneMatch) {
        return switch (existence(petition)) {
            case PUBLISHED -> CountsResponse.of(version(petition), ifNoneMatch);
            case UNKNOWN -> CountsResponse.unknown();
            case UNREACHABLE -> CountsResponse.unreachable();
        };
    }

    private PetitionLookup.Existence existence(String petition) {
        return lookup.find(petition).join();
    }

    /**
     * Returns the verified count over time.
     *
     * @param from the first bucket contains this time; default: the first event
     * @param to buckets that start at this time or later are left out
     */
    @GetMapping("/counts/history")
    List<CountHistory.Bucket> history(
            @PathVariable String petition,
            @RequestParam(defaultValue = "hour") String bucket,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to) {
        return history.series(
                version(petition).petition(), width(bucket), instant("from", from, START), instant("to", to, END));
    }

    /** Returns the signatures by status, for organisers and auditors. */
    @GetMapping("/funnel")
    ResponseEntity<CountHistory.Funnel> funnel(@PathVariable String petition) {
        return unstored(history.funnel(version(petition).petition()));
    }

    /** Returns the sign events and the verified count over time, for organisers and auditors. */
    @GetMapping("/funnel/history")
    ResponseEntity<List<CountHistory.FunnelBucket>> funnelHistory(
            @PathVariable String petition,
            @RequestParam(defaultValue = "hour") String bucket,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to) {
        return unstored(history.funnelSeries(
                version(petition).petition(), width(bucket), instant("from", from, START), instant("to", to, END)));
    }

    private static <T> ResponseEntity<T> unstored(T body) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
    }

    private static CountHistory.BucketWidth width(String bucket) {
        return Arrays.stream(CountHistory.BucketWidth.values())
                .filter(width -> width.name().toLowerCase(Locale.ROOT).equals(bucket))
                .findAny()
                .orElseThrow(() -> new InvalidParameterException("bucket", "must be minute, hour or day"));
    }

    /**
     * The growth rate, and the projected time of the next milestone.
     *
     * @param projectedAt null if there is no next milestone, or it is more than a year away
     */
    record PaceView(
            long lastMinute,
            long lastHour,
            long lastDay,
            double perHour,
            @Nullable Long nextMilestone,
            @Nullable Instant projectedAt) {}

    @GetMapping("/counts/pace")
    ResponseEntity<PaceView> pace(@PathVariable String petition) {
        CountsCache.CountsVersion version = version(petition);
        Instant now = clock.instant();
        CountHistory.Pace pace = history.pace(version.petition(), now);
        Counts counts = version.counts();
        Instant projected = counts.nextMilestone() == null
                ? null
                : projected(now, counts.nextMilestone() - counts.verified(), pace.perHour());
        return ResponseEntity.ok()
                .cacheControl(PACE_CACHE_CONTROL)
                .body(new PaceView(
                        pace.lastMinute(),
                        pace.lastHour(),
                        pace.lastDay(),
                        pace.perHour(),
                        counts.nextMilestone(),
                        projected));
    }

    private static @Nullable Instant projected(Instant now, long missing, double perHour) {
        double hours = missing / perHour;
        return perHour <= 0 || hours > MAX_PROJECTION.toHours()
                ? null
                : now.plusSeconds(Math.round(hours * 3600)).truncatedTo(ChronoUnit.SECONDS);
    }

    @GetMapping("/counts/countries")
    List<CountHistory.VerifiedByCountry> countries(@PathVariable String petition) {
        return history.countries(version(petition).petition());
    }

    @GetMapping("/milestones")
    List<CountHistory.ReachedMilestone> milestones(@PathVariable String petition) {
        return history.milestones(version(petition).petition());
    }

    private CountsCache.CountsVersion version(String petition) {
        Optional<CountsCache.CountsVersion> counted = cache.of(petition);
        if (counted.isPresent()) {
            return counted.get();
        }
        if (existence(petition) == PetitionLookup.Existence.UNREACHABLE) {
            throw new UnreachablePetitionException();
        }
        return cache.of(petition).orElseThrow(UnknownPetitionException::new);
    }

    private static Instant instant(String name, @Nullable String text, Instant absent) {
        try {
            return text == null ? absent : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new InvalidParameterException(name, "must be a time such as 2030-01-31T12:00:00Z");
        }
    }

    @ExceptionHandler
    ResponseEntity<byte[]> unknown(UnknownPetitionException e) {
        return entity(CountsResponse.unknown());
    }

    @ExceptionHandler
    ResponseEntity<byte[]> unreachable(UnreachablePetitionException e) {
        return entity(CountsResponse.unreachable());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(InvalidParameterException e) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.UNPROCESSABLE_CONTENT, "Some parameters are invalid. Correct them and try again.");
        problem.setProperty("errors", List.of(Map.of("field", e.name, "message", e.getMessage())));
        return ResponseEntity.unprocessableContent().body(problem);
    }

    private static final class UnknownPetitionException extends RuntimeException {}

    private static final class UnreachablePetitionException extends RuntimeException {}

    private static final class InvalidParameterException extends RuntimeException {
        private final String name;

        private InvalidParameterException(String name, String message) {
            super(message);
            this.name = name;
        }
    }
}
