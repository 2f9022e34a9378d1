package org.countersign.counter.counting;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * The metrics and the health of the counter. Health reports when Kafka is unreachable: counts can be read, but do not
 * change.
 */
@Component("counting")
class CounterMetrics implements HealthIndicator {

    private final io.micrometer.core.instrument.Counter counted;
    private final io.micrometer.core.instrument.Counter failures;
    private final io.micrometer.core.instrument.Counter unreadable;
    private volatile long lag;
    private volatile boolean connected;

    CounterMetrics(MeterRegistry meters) {
        counted = io.micrometer.core.instrument.Counter.builder("countersign.counter.events")
                .description("events counted")
                .register(meters);
        failures = io.micrometer.core.instrument.Counter.builder("countersign.counter.failures")
                .description("restarts of counting")
                .register(meters);
        unreadable = io.micrometer.core.instrument.Counter.builder("countersign.counter.unreadable")
                .description("unreadable records")
                .register(meters);
        Gauge.builder("countersign.counter.lag.events", () -> lag)
                .description("events in Kafka, not yet counted")
                .register(meters);
    }

    void counted(long events) {
        counted.increment(events);
    }

    void recordFailure() {
        failures.increment();
        connected = false;
    }

    void unreadable() {
        unreadable.increment();
    }

    void behind(Consumer<byte[], byte[]> consumer, long waiting) {
        lag = waiting
                + consumer.assignment().stream()
                        .map(consumer::currentLag)
                        .filter(OptionalLong::isPresent)
                        .mapToLong(OptionalLong::getAsLong)
                        .sum();
    }

    void connected(Consumer<byte[], byte[]> consumer) {
        connected = consumer.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals("connection-count")
                        && entry.getKey().group().equals("consumer-metrics"))
                .anyMatch(entry -> ((Number) entry.getValue().metricValue()).doubleValue() > 0);
    }

    @Override
    public Health health() {
        return connected ? Health.up().build() : Health.status("DEGRADED").build();
    }
}
