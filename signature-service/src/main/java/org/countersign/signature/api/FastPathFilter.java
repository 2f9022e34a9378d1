package org.countersign.signature.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.countersign.signature.api.problem.ApiExceptionHandler;
import org.countersign.support.access.OriginCheck;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fast path of a call: answers it before Spring Security and the dispatcher.
 *
 * <p>A petition receives hundreds of thousands of sign requests and confirmations. They need no authentication, and
 * Spring Security and the dispatcher together take longer than the call (docs/performance.md). Both paths build the
 * response in the same methods: the method of {@link SignatureController} for success,
 * {@link ApiExceptionHandler#response} for errors, and the {@link HeaderWriter} of the API for security headers. Any
 * other request, such as one of another content type or from another site, continues down the filter chain.
 *
 * @param <T> the body of a request
 */
abstract class FastPathFilter<T> extends HttpFilter {

    private static final long serialVersionUID = 1L;

    /** Other spellings and character sets are left to the controller. */
    private static final Set<String> JSON_TYPES =
            Set.of("application/json", "application/json;charset=utf-8", "application/json; charset=utf-8");

    private final transient Answering answering;
    private final transient ObjectReader bodies;

    /** What all fast paths share. */
    @Component
    record Answering(
            ApiExceptionHandler problems, HeaderWriter apiSecurityHeaders, OriginCheck origins, JsonMapper mapper) {}

    FastPathFilter(Answering answering, Class<T> body) {
        this.answering = answering;
        this.bodies = answering.mapper().readerFor(body);
    }

    /** Tells whether this is a path of the call. */
    abstract boolean isPath(String path);

    /** Carries out the call. */
    abstract ResponseEntity<?> answer(T body, HttpServletRequest request);

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!isCall(request)) {
            chain.doFilter(request, response);
            return;
        }
        answering.apiSecurityHeaders().writeHeaders(request, response);
        write(read(request), response);
    }

    private boolean isCall(HttpServletRequest request) {
        String type = request.getContentType();
        return isPath(request.getRequestURI())
                && request.getMethod().equals("POST")
                && type != null
                && JSON_TYPES.contains(type.toLowerCase(Locale.ROOT))
                && !answering.origins().isForeign(request);
    }

    private ResponseEntity<?> read(HttpServletRequest request) {
        try {
            T body = bodies.readValue(request.getInputStream());
            if (body == null) {
                throw new IOException("The body is null");
            }
            return answer(body, request);
        } catch (IOException | RuntimeException e) {
            return answering.problems().response(e, request);
        }
    }

    private void write(ResponseEntity<?> entity, HttpServletResponse response) throws IOException {
        response.setStatus(entity.getStatusCode().value());
        entity.getHeaders().forEach((name, values) -> response.setHeader(name, values.get(0)));
        byte[] body = entity.getBody() instanceof byte[] bytes
                ? bytes
                : answering.mapper().writeValueAsBytes(entity.getBody());
        response.getOutputStream().write(body);
    }
}
