package org.countersign.signature.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Reconciles from time to time, so that somebody is told of a difference who did not ask. */
@Component
class ScheduledReconciliation {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduledReconciliation.class);
    private static final int TOLD = 20;

    private final Reconciliation reconciliation;
    private final AtomicBoolean running = new AtomicBoolean();
    /** No number until it has been compared, and after it could not be. */
    private volatile double differences = Double.NaN;

    private volatile double events = Double.NaN;

    ScheduledReconciliation(Reconciliation reconciliation, MeterRegistry meters) {
        this.reconciliation = reconciliation;
        Gauge.builder("countersign.audit.differences", () -> differences)
                .description("differences between event store, Kafka and counter when they were last compared")
                .register(meters);
        Gauge.builder("countersign.audit.events", () -> events)
                .description("events that were last compared")
                .register(meters);
    }

    /** On a thread of its own: it takes long, and what else is scheduled must not wait for it. */
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
            int[] told = new int[1];
            Reconciliation.Outcome outcome = reconciliation.run(
                    difference -> {
                        if (told[0]++ < TOLD) {
                            LOG.error("{}{}: {}", difference.where(), event(difference.index()), difference.problem());
                        }
                    },
                    reached -> {});
            differences = outcome.differences();
            events = outcome.events();
            LOG.info(
                    "event store, Kafka and counter compared: {} events, {} differences",
                    outcome.events(),
                    outcome.differences());
        } catch (RuntimeException e) {
            differences = Double.NaN;
            LOG.warn("event store, Kafka and counter could not be compared: {}", e.getMessage());
        } finally {
            running.set(false);
        }
    }

    private static String event(OptionalLong index) {
        return index.isPresent() ? ", event " + index.getAsLong() : "";
    }
}
