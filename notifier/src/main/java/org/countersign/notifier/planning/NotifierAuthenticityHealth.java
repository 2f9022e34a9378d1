package org.countersign.notifier.planning;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reports DEGRADED while records are noted as unreadable, until an operator has examined them and deleted the notes.
 * Readiness does not change, because planning passes over such records.
 */
@Component("authenticity")
class NotifierAuthenticityHealth implements HealthIndicator {

    private final JdbcClient database;

    NotifierAuthenticityHealth(JdbcClient database) {
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
