package org.countersign.signature.relay;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Reports DEGRADED in readiness while Kafka is unreachable. Signing continues, and events are published when Kafka is
 * back.
 */
@Component("relay")
class RelayHealth implements HealthIndicator {

    private final RelayMetrics metrics;

    RelayHealth(RelayMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public Health health() {
        return metrics.isFailing()
                ? Health.status("DEGRADED").build()
                : Health.up().build();
    }
}
