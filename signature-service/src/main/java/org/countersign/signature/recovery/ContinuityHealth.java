package org.countersign.signature.recovery;

import org.countersign.signature.eventlog.LogGate;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Reports DOWN in readiness while the event log lacks events, and DEGRADED while Kafka does. The description says which
 * procedure to follow.
 */
@Component("continuity")
class ContinuityHealth implements HealthIndicator {

    private final LogGate gate;
    private final LogContinuity continuity;

    ContinuityHealth(LogGate gate, LogContinuity continuity) {
        this.gate = gate;
        this.continuity = continuity;
    }

    @Override
    public Health health() {
        return gate.closure()
                .map(closure -> new Status("DOWN", closure.text()))
                .or(() -> continuity.missing().map(text -> new Status("DEGRADED", text)))
                .map(status -> Health.status(status).build())
                .orElseGet(() -> Health.up().build());
    }
}
