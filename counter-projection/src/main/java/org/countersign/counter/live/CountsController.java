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
    private static final Duration MAX_PROJECTION = Duration.ofDays(365);

    private final CountsCache board;
    private final CountHistory history;
    private final PetitionLookup lookup;
    private final Clock clock = Clock.systemUTC();

    CountsController(CountsCache board, CountHistory history, PetitionLookup lookup) {
        this.board = board;
        this.history = history;
        this.lookup = lookup;
    }

    @GetMapping("/counts")
    ResponseEntity<byte[]> counts(
            @PathVariable String petition,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, defaultValue = "") String ifNoneMatch) {
        return entity(board.of(petition)
                .map(posted -> CountsResponse.of(posted, ifNoneMatch))
                .orElseGet(() -> lookUp(petition, ifNoneMatch)));
    }

    private static ResponseEntity<byte[]> entity(CountsResponse response) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(response.status());
        response.headers().forEach(answer::header);
        return response.status() == HttpStatus.NOT_MODIFIED ? answer.build() : answer.body(response.body());
    }

    private CountsResponse lookUp(String petition, String ifNoneMatch) {
        return switch (existence(petition)) {
            case PUBLISHED -> CountsResponse.of(posted(petition), ifNoneMatch);
            case UNKNOWN -> CountsResponse.unknown();
            case UNREACHABLE -> CountsResponse.unreachable();
        };
    }

    private PetitionLookup.Existence existence(String petition) {
        return lookup.find(petition).join();
    }

    /**
     * The time series.
     *
     * @param from the first bucket is the one this time falls into; from the beginning if absent
     * @param to buckets that begin at this time or later are left out
     */
    @GetMapping("/counts/history")
    List<CountHistory.Bucket> history(
            @PathVariable String petition,
            @RequestParam(defaultValue = "hour") String bucket,
            @RequestParam(required = false) String from,
            @RequestParam(required = false) String to) {
        return history.series(
                posted(petition).petition(),
                width(bucket),
                instant("from", from, Instant.EPOCH),
                instant("to", to, Instant.parse("9999-12-31T00:00:00Z")));
    }

    private static CountHistory.Width width(String bucket) {
        return Arrays.stream(CountHistory.Width.values())
                .filter(width -> width.name().toLowerCase(Locale.ROOT).equals(bucket))
                .findAny()
                .orElseThrow(() -> new InvalidParameterException("bucket", "must be minute, hour or day"));
    }

    /**
     * How quickly the petition grows, and when it reaches its next milestone at that pace.
     *
     * @param projectedAt null if there is no next milestone, or it would take more than a year
     */
    record PaceJson(
            long lastMinute, long lastHour, long lastDay, double perHour, Long nextMilestone, Instant projectedAt) {}

    @GetMapping("/counts/pace")
    ResponseEntity<PaceJson> pace(@PathVariable String petition) {
        CountsCache.Posted posted = posted(petition);
        Instant now = clock.instant();
        CountHistory.Pace pace = history.pace(posted.petition(), now);
        Counts counts = posted.counts();
        Instant projected = counts.nextMilestone() == null
                ? null
                : projected(now, counts.nextMilestone() - counts.verified(), pace.perHour());
        return ResponseEntity.ok()
                .cacheControl(PACE_CACHE_CONTROL)
                .body(new PaceJson(
                        pace.lastMinute(),
                        pace.lastHour(),
                        pace.lastDay(),
                        pace.perHour(),
                        counts.nextMilestone(),
                        projected));
    }

    private static Instant projected(Instant now, long missing, double perHour) {
        double hours = missing / perHour;
        return perHour <= 0 || hours > MAX_PROJECTION.toHours()
                ? null
                : now.plusSeconds(Math.round(hours * 3600)).truncatedTo(ChronoUnit.SECONDS);
    }

    @GetMapping("/counts/countries")
    List<CountHistory.Country> countries(@PathVariable String petition) {
        return history.countries(posted(petition).petition());
    }

    @GetMapping("/milestones")
    List<CountHistory.Milestone> milestones(@PathVariable String petition) {
        return history.milestones(posted(petition).petition());
    }

    private CountsCache.Posted posted(String petition) {
        Optional<CountsCache.Posted> counted = board.of(petition);
        if (counted.isPresent()) {
            return counted.get();
        }
        if (existence(petition) == PetitionLookup.Existence.UNREACHABLE) {
            throw new UnreachablePetitionException();
        }
        return board.of(petition).orElseThrow(UnknownPetitionException::new);
    }

    private static Instant instant(String name, String text, Instant absent) {
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
                HttpStatus.UNPROCESSABLE_CONTENT, "Some parameters are not what they must be.");
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
