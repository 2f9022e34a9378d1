package org.countersign.signature.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Reconciles on a schedule, so that operators are alerted to differences. */
@Component
class ScheduledReconciliation {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduledReconciliation.class);
    private static final int MAX_LOGGED_DIFFERENCES = 20;

    private final Reconciliation reconciliation;
    private final AtomicBoolean running = new AtomicBoolean();
    /** Not a number before the first comparison, and after one that failed. */
    private volatile double differences = Double.NaN;

    private volatile double events = Double.NaN;

    ScheduledReconciliation(Reconciliation reconciliation, MeterRegistry meters) {
        this.reconciliation = reconciliation;
        Gauge.builder("countersign.audit.differences", () -> differences)
                .description("differences between event store, Kafka and counter in the last comparison")
                .register(meters);
        Gauge.builder("countersign.audit.events", () -> events)
                .description("events in the last comparison")
                .register(meters);
    }

    /** Runs on a separate thread, because it would delay other scheduled tasks. */
    @Scheduled(initialDelayString = "${countersign.audit.every}", fixedRateString = "${countersign.audit.every}")
    void begin() {
        if (running.compareAndSet(false, true)) {
            Thread thread = new Thread(this::run, "reconciliation");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void run() {
        try {
            int[] logged = new int[1];
            Reconciliation.ReconciliationResult result = reconciliation.run(
                    difference -> {
                        if (logged[0]++ < MAX_LOGGED_DIFFERENCES) {
                            LOG.error("{}{}: {}", difference.where(), event(difference.index()), difference.problem());
                        }
                    },
                    reached -> {});
            differences = result.differences();
            events = result.events();
            LOG.info(
                    "Compared event store, Kafka and counter: {} events, {} differences",
                    result.events(),
                    result.differences());
        } catch (RuntimeException | Error e) {
            differences = Double.NaN;
            LOG.warn("Cannot compare event store, Kafka and counter: {}", e.getMessage());
        } finally {
            running.set(false);
        }
    }

    private static String event(OptionalLong index) {
        return index.isPresent() ? ", event " + index.getAsLong() : "";
    }
}
