package org.countersign.signature.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * Records the time of each request in {@code http.server.requests}. A request to a {@link FastPathFilter} is timed
 * without an observation, which would take a twentieth of its time. Its timer has the same name and tags.
 */
class RequestTimingFilter extends ServerHttpObservationFilter {

    private static final String METRIC = "http.server.requests";
    private static final String NONE = "none";

    private final MeterRegistry meters;
    private final Map<TimedAnswer, Timer> timers = new ConcurrentHashMap<>();

    private record TimedAnswer(String uri, int status) {}

    RequestTimingFilter(ObservationRegistry observations, MeterRegistry meters) {
        super(observations);
        this.meters = meters;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String uri = fastPath(request);
        if (uri == null) {
            super.doFilterInternal(request, response, chain);
            return;
        }
        long start = System.nanoTime();
        int status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        try {
            chain.doFilter(request, response);
            status = response.getStatus();
        } finally {
            timers.computeIfAbsent(new TimedAnswer(uri, status), this::timer)
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private static @Nullable String fastPath(HttpServletRequest request) {
        if (!request.getMethod().equals("POST")) {
            return null;
        }
        String path = request.getRequestURI();
        return path.equals(VerifyFilter.PATH)
                ? VerifyFilter.PATH
                : SignFilter.isSignPath(path) ? SignFilter.URI_TEMPLATE : null;
    }

    private Timer timer(TimedAnswer answer) {
        return Timer.builder(METRIC)
                .tag("exception", NONE)
                .tag("error", NONE)
                .tag("method", "POST")
                .tag("outcome", outcome(answer.status()))
                .tag("status", Integer.toString(answer.status()))
                .tag("uri", answer.uri())
                .register(meters);
    }

    private static String outcome(int status) {
        return switch (status / 100) {
            case 2 -> "SUCCESS";
            case 3 -> "REDIRECTION";
            case 4 -> "CLIENT_ERROR";
            default -> "SERVER_ERROR";
        };
    }
}
