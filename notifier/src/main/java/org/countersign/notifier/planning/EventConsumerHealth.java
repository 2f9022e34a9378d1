package org.countersign.notifier.planning;

import java.util.Objects;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.stereotype.Component;

/**
 * Reports DEGRADED in readiness while Kafka is unavailable. Workers still send the deliveries that are planned. New
 * events are planned when Kafka is available again.
 */
@Component("events")
class EventConsumerHealth implements HealthIndicator {

    private final KafkaListenerEndpointRegistry listeners;

    EventConsumerHealth(KafkaListenerEndpointRegistry listeners) {
        this.listeners = listeners;
    }

    @Override
    public Health health() {
        boolean connected = Objects.requireNonNull(listeners.getListenerContainer("events")).metrics().values().stream()
                .flatMap(metrics -> metrics.entrySet().stream())
                .filter(entry -> entry.getKey().name().equals("connection-count")
                        && entry.getKey().group().equals("consumer-metrics"))
                .anyMatch(entry -> ((Number) entry.getValue().metricValue()).doubleValue() > 0);
        return connected ? Health.up().build() : Health.status("DEGRADED").build();
    }
}
