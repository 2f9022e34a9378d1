package org.countersign.signature.eventlog;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Notes the events without a valid MAC. Health reports DEGRADED until an operator has examined them and deleted the
 * notes. Readiness does not change, because signing and counting pass over such events.
 */
@Component("authenticity")
public class UnauthenticEvents implements HealthIndicator {

    private static final Logger LOG = LoggerFactory.getLogger(UnauthenticEvents.class);

    private final JdbcClient database;
    private final Counter found;

    UnauthenticEvents(JdbcClient database, MeterRegistry meters) {
        this.database = database;
        this.found = Counter.builder("countersign.log.unauthentic")
                .description("events of the log without a valid MAC")
                .register(meters);
    }

    /** Notes an event, once. */
    public void note(StoredEvent event) {
        int noted = database.sql("insert into unauthentic_event (global_index, stream, sequence) values (?, ?, ?) "
                        + "on conflict do nothing")
                .params(event.index(), event.stream(), event.sequence())
                .update();
        if (noted == 1) {
            found.increment();
            LOG.error(
                    "Event {} has no valid MAC and is passed over; it claims to be {}. Somebody wrote to the database.",
                    event.index(),
                    event.id());
        }
    }

    @Override
    public Health health() {
        long notes = database.sql("select count(*) from (select from unauthentic_event limit 1000) as noted")
                .query(Long.class)
                .single();
        return (notes == 0 ? Health.up() : Health.status("DEGRADED"))
                .withDetail("unauthenticEvents", notes)
                .build();
    }
}
