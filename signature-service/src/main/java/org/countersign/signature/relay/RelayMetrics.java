package org.countersign.signature.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** The metrics of the relay. */
@Component
class RelayMetrics {

    private final Counter published;
    private final Counter failures;
    private volatile long eventsBehind;
    private volatile double secondsBehind;
    private volatile boolean failing;

    RelayMetrics(MeterRegistry meters) {
        published = Counter.builder("countersign.relay.published")
                .description("events published to Kafka")
                .register(meters);
        failures = Counter.builder("countersign.relay.failures")
                .description("restarts of the relay")
                .register(meters);
        Gauge.builder("countersign.relay.lag.events", () -> eventsBehind)
                .description("events in the log, not yet in Kafka")
                .register(meters);
        Gauge.builder("countersign.relay.lag", () -> secondsBehind)
                .baseUnit("seconds")
                .description("age of the oldest event not yet in Kafka")
                .register(meters);
    }

    void behind(long events, Duration age) {
        eventsBehind = events;
        secondsBehind = Math.max(0, age.toMillis() / 1000.0);
    }

    void caughtUp() {
        behind(0, Duration.ZERO);
    }

    void published(long events) {
        published.increment(events);
    }

    void recordFailure() {
        failures.increment();
        failing = true;
    }

    void working() {
        failing = false;
    }

    boolean isFailing() {
        return failing;
    }
}
