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
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * Records the time of each request in {@code http.server.requests}. A sign request is timed without an observation,
 * which would take a twentieth of its time. Its timer has the same name and tags.
 */
class RequestTimingFilter extends ServerHttpObservationFilter {

    private static final String METRIC = "http.server.requests";
    private static final String NONE = "none";

    private final MeterRegistry meters;
    private final Map<Integer, Timer> signRequests = new ConcurrentHashMap<>();

    RequestTimingFilter(ObservationRegistry observations, MeterRegistry meters) {
        super(observations);
        this.meters = meters;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!SignFilter.isSignPath(request.getRequestURI())
                || !request.getMethod().equals("POST")) {
            super.doFilterInternal(request, response, chain);
            return;
        }
        long start = System.nanoTime();
        int status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        try {
            chain.doFilter(request, response);
            status = response.getStatus();
        } finally {
            signRequests
                    .computeIfAbsent(status, this::signTimer)
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private Timer signTimer(int status) {
        return Timer.builder(METRIC)
                .tag("exception", NONE)
                .tag("error", NONE)
                .tag("method", "POST")
                .tag("outcome", outcome(status))
                .tag("status", Integer.toString(status))
                .tag("uri", SignFilter.URI_TEMPLATE)
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
