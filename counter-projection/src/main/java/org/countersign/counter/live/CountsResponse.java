package org.countersign.counter.live;

import java.util.LinkedHashMap;
import java.util.Map;
import org.countersign.support.problem.ProblemJson;
import org.springframework.http.HttpStatus;

/**
 * The response to a request for counts, built once for the event loop ({@code fanout.HttpResponses}) and for the web
 * server ({@link CountsController#counts}).
 *
 * @param status the HTTP status
 * @param headers the headers that do not depend on the server
 * @param body the body, empty if there is none
 */
public record CountsResponse(HttpStatus status, Map<String, String> headers, byte[] body) {

    private static final String CACHE_CONTROL = "max-age=1, public, stale-while-revalidate=10, stale-if-error=60";

    /** Seconds after which a client may try again. */
    private static final String RETRY_AFTER_SECONDS = "1";

    /**
     * Returns the counts, or 304 if the client has them already.
     *
     * @param posted the newest counts
     * @param ifNoneMatch the request's If-None-Match header, empty if it has none
     */
    public static CountsResponse of(CountsCache.CountsVersion posted, String ifNoneMatch) {
        String entityTag = '"' + posted.tag() + '"';
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", entityTag);
        headers.put("Cache-Control", CACHE_CONTROL);
        if (matches(ifNoneMatch, entityTag)) {
            return new CountsResponse(HttpStatus.NOT_MODIFIED, headers, new byte[0]);
        }
        headers.put("Content-Type", "application/json");
        return new CountsResponse(HttpStatus.OK, headers, posted.json());
    }

    /** Compares entity tags weakly (RFC 9110, section 13.1.2). */
    private static boolean matches(String ifNoneMatch, String entityTag) {
        for (String candidate : ifNoneMatch.split(",")) {
            String tag = candidate.strip();
            if (tag.equals("*") || (tag.startsWith("W/") ? tag.substring(2) : tag).equals(entityTag)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the response for a petition that does not exist. */
    public static CountsResponse unknown() {
        return problem(HttpStatus.NOT_FOUND, "There is no petition of this name.", Map.of());
    }

    /** Returns the response while nobody can tell whether the petition exists. */
    public static CountsResponse unreachable() {
        return problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The counts cannot be read now. Please try again in a few seconds.",
                Map.of("Retry-After", RETRY_AFTER_SECONDS));
    }

    private static CountsResponse problem(HttpStatus status, String detail, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(more);
        headers.put("Content-Type", ProblemJson.CONTENT_TYPE);
        return new CountsResponse(status, headers, ProblemJson.of(status, detail));
    }
}
