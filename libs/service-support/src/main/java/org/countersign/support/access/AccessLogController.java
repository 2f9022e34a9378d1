package org.countersign.support.access;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.countersign.support.access.AccessLog.LogEntry;
import org.countersign.support.ndjson.NdjsonWriter;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Streams the {@link AccessLog} to an auditor. */
@RestController
class AccessLogController {

    private final AccessLog log;
    private final Optional<AccountAccess> accounts;

    AccessLogController(AccessLog log, Optional<AccountAccess> accounts) {
        this.log = log;
        this.accounts = accounts;
    }

    /**
     * Streams the entries as NDJSON, oldest first, and an end line.
     *
     * @param from the time of the first entry
     */
    @GetMapping("/api/access-log")
    ResponseEntity<StreamingResponseBody> entries(@RequestParam(defaultValue = "1970-01-01T00:00:00Z") String from) {
        Instant begin = instant(from);
        Predicate<LogEntry> readable = readable();
        return ResponseEntity.ok().contentType(NdjsonWriter.MEDIA_TYPE).body(out -> {
            NdjsonWriter lines = new NdjsonWriter(out);
            log.forEach(begin, readable, entry -> lines.write("entry", entry));
            lines.end(Map.of());
        });
    }

    /** Accounts read the entries about their petitions. */
    private Predicate<LogEntry> readable() {
        return AccountAuthentication.current()
                .map(account -> accounts.orElseThrow().readableEntries(account.grants()))
                .orElse(entry -> true);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            ProblemDetail problem =
                    ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_CONTENT, "A parameter is invalid.");
            problem.setProperty(
                    "errors",
                    List.of(Map.of("field", "from", "message", "must be a time such as 2030-05-01T12:00:00Z")));
            throw new ErrorResponseException(HttpStatus.UNPROCESSABLE_CONTENT, problem, e);
        }
    }
}
