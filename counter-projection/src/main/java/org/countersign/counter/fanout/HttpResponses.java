package org.countersign.counter.fanout;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.countersign.counter.live.CountsResponse;
import org.countersign.support.problem.ProblemJson;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Responses of the event loop, which answers requests for counts before {@code live.CountsController} sees them.
 * {@link CountsResponse} builds the response for both. This class writes it as HTTP/1.1 (RFC 9112).
 */
final class HttpResponses {

    /** The time after which a browser reconnects. */
    private static final long RETRY_MILLIS = 2000;

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** The header Date, formatted once a second. */
    private record Date(long second, String text) {}

    /** The web server's CORS support sends the same three. */
    private static final String VARY =
            "Vary: Origin\r\nVary: Access-Control-Request-Method\r\nVary: Access-Control-Request-Headers\r\n";

    private final Function<String, @Nullable PetitionSubscription> topics;
    private final List<String> origins;
    private volatile Date date = new Date(0, "");

    /**
     * Prepares the responses.
     *
     * @param topics finds a petition by its slug, or returns null
     * @param origins the origins whose pages may read responses
     */
    HttpResponses(Function<String, @Nullable PetitionSubscription> topics, List<String> origins) {
        this.topics = topics;
        this.origins = List.copyOf(origins);
    }

    /** Tells whether a page of this origin may read responses. The web server answers the others. */
    boolean isAllowed(@Nullable String origin) {
        return origin == null || origins.contains(origin);
    }

    @Nullable
    PetitionSubscription topic(String petition) {
        return topics.apply(petition);
    }

    byte[] counts(RequestHead request) {
        PetitionSubscription topic = topic(request.petition());
        return topic == null
                ? unknown(request)
                : write(
                        request,
                        CountsResponse.of(
                                topic.newest().version(), request.ifNoneMatch() == null ? "" : request.ifNoneMatch()));
    }

    byte[] unknown(RequestHead request) {
        return write(request, CountsResponse.unknown());
    }

    byte[] unreachable(RequestHead request) {
        return write(request, CountsResponse.unreachable());
    }

    private byte[] write(RequestHead request, CountsResponse response) {
        StringBuilder head = new StringBuilder(384);
        begin(head, response.status().value() + " ", request);
        response.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        return end(head, response);
    }

    /** Returns the response when the maximum number of viewers is reached. */
    byte[] tooManyViewers(RequestHead request) {
        return write(
                request,
                new CountsResponse(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        Map.of("Retry-After", "30", "Content-Type", ProblemJson.CONTENT_TYPE),
                        ProblemJson.of(
                                HttpStatus.SERVICE_UNAVAILABLE, "Too many live viewers. Poll the counts instead.")));
    }

    /** Returns the response to a head that is malformed, or to one for which there is no place. */
    byte[] refused(HttpStatus status, String detail) {
        byte[] body = ProblemJson.of(status, detail);
        StringBuilder head = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status.value())
                .append(" \r\nDate: ")
                .append(date())
                .append("\r\nContent-Type: " + ProblemJson.CONTENT_TYPE + "\r\nConnection: close\r\n");
        if (status == HttpStatus.SERVICE_UNAVAILABLE) {
            head.append("Retry-After: 2\r\n");
        }
        return end(head, body);
    }

    /** Returns the head of a stream. */
    byte[] streamHead(RequestHead request) {
        StringBuilder head = new StringBuilder(256);
        // A stream without a length ends with its connection.
        begin(head, "200 ", request);
        return head.append("Content-Type: text/event-stream;charset=UTF-8\r\nCache-Control: "
                        + "no-store\r\nX-Accel-Buffering: no\r\nConnection: close\r\n\r\nretry: ")
                .append(RETRY_MILLIS)
                .append("\n\n")
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void begin(StringBuilder head, String status, RequestHead request) {
        head.append("HTTP/1.1 ")
                .append(status)
                .append("\r\nDate: ")
                .append(date())
                .append("\r\n")
                .append(VARY);
        if (request.origin() != null) {
            head.append("Access-Control-Allow-Origin: ")
                    .append(request.origin())
                    .append("\r\nAccess-Control-Expose-Headers: ETag\r\n");
        }
    }

    private static byte[] end(StringBuilder head, CountsResponse response) {
        return response.headers().containsKey("Content-Type")
                ? end(head, response.body())
                : head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] end(StringBuilder head, byte[] body) {
        head.append("Content-Length: ").append(body.length).append("\r\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream(head.length() + 2 + body.length);
        out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private String date() {
        Date known = date;
        long second = System.currentTimeMillis() / 1000;
        if (known.second != second) {
            known = new Date(second, DATE.format(Instant.ofEpochSecond(second)));
            date = known;
        }
        return known.text;
    }
}
