package org.countersign.benchmarks.peer.axon;

import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Publishes every event in a tracking processor. */
@Component
@ProcessingGroup("publisher")
class AxonPublisher {

    static final String TOPIC = "peer-events";

    private final KafkaTemplate<String, byte[]> kafka;
    private final JsonMapper mapper;

    AxonPublisher(KafkaTemplate<String, byte[]> kafka, JsonMapper mapper) {
        this.kafka = kafka;
        this.mapper = mapper;
    }

    @EventHandler
    void on(AxonSignature.AxonSigned event) {
        kafka.send(TOPIC, event.signature(), mapper.writeValueAsBytes(event));
    }
}
