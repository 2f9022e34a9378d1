package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;

/** Kafka refuses the notifier for a while, for example during a change of its password. */
class RefusedConsumerTest extends RunningNotifier {

    @Autowired
    private KafkaListenerEndpointRegistry listeners;

    @Test
    void the_notifier_tries_again_after_kafka_has_refused_it() {
        assertThat(listeners.getListenerContainers())
                .isNotEmpty()
                .allSatisfy(container -> assertThat(
                                container.getContainerProperties().getAuthExceptionRetryInterval())
                        .isEqualTo(Duration.ofSeconds(10)));
    }
}
