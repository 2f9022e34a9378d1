package org.countersign.signature.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.countersign.signature.application.TraceContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives each request a trace id: the caller's, if it sends a {@code traceparent} (W3C Trace Context), or a new one.
 *
 * <p>The trace id is in the log lines of the request, in its events, in their Kafka records and in their mails.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class TraceFilter extends OncePerRequestFilter {

    private static final Pattern TRACE_PARENT =
            Pattern.compile("00-([0-9a-f]{16})([0-9a-f]{16})-[0-9a-f]{16}-[0-9a-f]{2}");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        UUID trace = trace(request.getHeader("traceparent"));
        String id = trace.toString().replace("-", "");
        TraceContext.set(trace);
        MDC.put("trace", id);
        response.setHeader("Trace-Id", id);
        try {
            chain.doFilter(request, response);
        } finally {
            TraceContext.clear();
            MDC.remove("trace");
        }
    }

    private static UUID trace(@Nullable String parent) {
        Matcher matcher = parent == null ? null : TRACE_PARENT.matcher(parent);
        if (matcher != null && matcher.matches()) {
            return new UUID(Long.parseUnsignedLong(matcher.group(1), 16), Long.parseUnsignedLong(matcher.group(2), 16));
        }
        // A trace id is not a secret. It needs no cryptographic random source.
        return new UUID(
                ThreadLocalRandom.current().nextLong(),
                ThreadLocalRandom.current().nextLong());
    }
}
