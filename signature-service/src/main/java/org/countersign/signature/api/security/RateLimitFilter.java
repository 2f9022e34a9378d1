package org.countersign.signature.api.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.countersign.support.network.ClientNetwork;
import org.countersign.support.network.NetworkList;
import org.countersign.support.network.TrustedProxies;
import org.countersign.support.problem.ProblemJson;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits the requests of each network per minute that may change something.
 *
 * <p>An IPv6 customer has a whole /64 network, so the limit applies to the network. GET and HEAD requests are not
 * counted: pages are cached, and admission control limits the rest. Calls of the other services are not counted.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class RateLimitFilter extends OncePerRequestFilter {

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final int MAX_NETWORKS = 200_000;

    private final int perMinute;
    private final NetworkList exempt;
    private final Cache<ClientNetwork, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_NETWORKS)
            .expireAfterAccess(Duration.ofMinutes(2))
            .build();

    /**
     * Creates the filter.
     *
     * @param perMinute the maximum number of requests; 0 for no limit
     * @param exempt networks without a limit
     */
    RateLimitFilter(
            @Value("${countersign.limit.per-minute}") int perMinute,
            @Value("${countersign.limit.exempt}") List<String> exempt) {
        this.perMinute = perMinute;
        this.exempt = NetworkList.parse("COUNTERSIGN_LIMIT_EXEMPT", exempt);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return perMinute == 0
                || SAFE_METHODS.contains(request.getMethod())
                || request.getRequestURI().startsWith("/internal/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<InetAddress> client = TrustedProxies.address(request.getRemoteAddr());
        if (client.isEmpty() || exempt.contains(client.get())) {
            chain.doFilter(request, response);
            return;
        }
        ConsumptionProbe probe =
                buckets.get(ClientNetwork.of(client.get()), network -> bucket()).tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader(
                "Retry-After", Long.toString(1 + TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill())));
        ProblemJson.write(
                response,
                HttpStatus.TOO_MANY_REQUESTS,
                "Too many requests come from this address. Wait for the seconds in Retry-After, then try again.");
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
                .build();
    }
}
