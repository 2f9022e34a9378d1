package org.countersign.signature.durability;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/** Reports DEGRADED while there are findings. Readiness does not change, because signing works. */
@Component("durability")
class DurabilityHealth implements HealthIndicator {

    private final DurabilityCheck check;

    DurabilityHealth(DurabilityCheck check) {
        this.check = check;
    }

    @Override
    public Health health() {
        DurabilityReport report = check.report();
        if (report.at().isEmpty()) {
            return Health.status(new Status("DEGRADED", "The settings were not checked yet."))
                    .build();
        }
        Health.Builder health = report.findings().isEmpty()
                ? Health.up()
                : Health.status(new Status("DEGRADED", report.text()))
                        .withDetail(
                                "findings",
                                report.findings().stream()
                                        .map(DurabilityFinding::text)
                                        .toList());
        return health.withDetail("checkedAt", report.at().get().toString()).build();
    }
}
