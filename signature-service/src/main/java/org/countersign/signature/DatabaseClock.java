package org.countersign.signature;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The clock of this machine, unless it differs from the database's. All instances then agree on the time, and one
 * machine with a wrong clock neither dates events wrongly nor rejects valid links.
 */
class DatabaseClock extends Clock {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private final Clock machine;
    private final JdbcClient database;
    private volatile Duration correction = Duration.ZERO;

    DatabaseClock(Clock machine, JdbcClient database, MeterRegistry meters) {
        this.machine = machine;
        this.database = database;
        Gauge.builder("countersign.clock.correction", () -> correction.toMillis() / 1000.0)
                .baseUnit("seconds")
                .description("the database's clock minus the machine's clock, if they disagree")
                .register(meters);
        compare();
    }

    @Scheduled(fixedDelayString = "PT5S", initialDelayString = "PT5S")
    final void compare() {
        try {
            Instant before = machine.instant();
            Instant there = database.sql("select clock_timestamp()")
                    .query(OffsetDateTime.class)
                    .single()
                    .toInstant();
            Instant after = machine.instant();
            Duration difference =
                    Duration.between(before.plus(Duration.between(before, after).dividedBy(2)), there);
            boolean agree = difference
                            .abs()
                            .compareTo(TOLERANCE.plus(
                                    Duration.between(before, after).abs()))
                    <= 0;
            if (agree == !correction.isZero()) {
                LOG.warn(
                        agree
                                ? "The clocks of this machine and of the database agree again"
                                : "The clock of this machine differs from the database's by {}. The service uses the"
                                        + " database's. Check the time synchronisation of both.",
                        difference);
            }
            correction = agree ? Duration.ZERO : difference;
        } catch (DataAccessException e) {
            LOG.debug("Cannot compare the clocks: {}", e.getMessage());
        }
    }

    @Override
    public Instant instant() {
        return machine.instant().plus(correction).truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("The services use UTC");
    }
}
