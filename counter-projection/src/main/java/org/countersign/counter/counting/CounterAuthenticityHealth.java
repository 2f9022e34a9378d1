package org.countersign.counter.counting;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reports DEGRADED while records are noted as unreadable, until an operator has examined them and deleted the notes.
 * Readiness does not change, because counting passes over such records.
 */
@Component("authenticity")
class CounterAuthenticityHealth implements HealthIndicator {

    private final JdbcClient database;

    CounterAuthenticityHealth(JdbcClient database) {
        this.database = database;
    }

    @Override
    public Health health() {
        long notes = database.sql("select count(*) from (select from unreadable_record limit 1000) as noted")
                .query(Long.class)
                .single();
        return (notes == 0 ? Health.up() : Health.status("DEGRADED"))
                .withDetail("unreadableRecords", notes)
                .build();
    }
}
