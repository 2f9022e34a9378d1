package org.countersign.notifier.planning;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.stereotype.Component;

/** Says in readiness when Kafka is away. What is planned is sent meanwhile; what happens meanwhile is planned later. */
@Component("events")
class EventsHealth implements HealthIndicator {

    private final KafkaListenerEndpointRegistry listeners;

    EventsHealth(KafkaListenerEndpointRegistry listeners) {
        this.listeners = listeners;
    }

    @Override
    public Health health() {
        boolean connected = listeners.getListenerContainer("events").metrics().values().stream()
                .flatMap(metrics -> metrics.entrySet().stream())
                .filter(entry -> entry.getKey().name().equals("connection-count")
                        && entry.getKey().group().equals("consumer-metrics"))
                .anyMatch(entry -> ((Number) entry.getValue().metricValue()).doubleValue() > 0);
        return connected ? Health.up().build() : Health.status("DEGRADED").build();
    }
}
