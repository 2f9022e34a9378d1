package org.countersign.support.problem;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/** Problem details (RFC 9457) as bytes, for filters and servers that run outside Spring MVC. */
public final class ProblemJson {

    /** The media type of problem details. */
    public static final String CONTENT_TYPE = "application/problem+json";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Body(String type, String title, int status, String detail) {}

    private ProblemJson() {}

    /**
     * Returns the body of a problem whose title is the status's reason phrase.
     *
     * @param status the HTTP status
     * @param detail what happened and what to do next, in plain text
     * @return JSON in UTF-8
     */
    public static byte[] of(HttpStatus status, String detail) {
        return of(status, status.getReasonPhrase(), detail);
    }

    /**
     * Returns the body of a problem.
     *
     * @param status the HTTP status
     * @param title a short summary of the kind of problem
     * @param detail what happened and what to do next, in plain text
     * @return JSON in UTF-8
     */
    public static byte[] of(HttpStatus status, String title, String detail) {
        String json = JSON.writeValueAsString(new Body("about:blank", title, status.value(), detail));
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Writes a problem as the whole response.
     *
     * @param response a response that is not committed
     * @param status the HTTP status
     * @param detail what happened and what to do next, in plain text
     * @throws IOException if the client has closed the connection
     */
    public static void write(HttpServletResponse response, HttpStatus status, String detail) throws IOException {
        response.setStatus(status.value());
        response.setContentType(CONTENT_TYPE);
        response.getOutputStream().write(of(status, detail));
    }
}
