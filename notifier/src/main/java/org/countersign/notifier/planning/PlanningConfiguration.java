package org.countersign.notifier.planning;

import org.countersign.events.RecordMac;
import org.countersign.support.keys.KeyRing;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.ContainerCustomizer;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

@Configuration(proxyBeanMethods = false)
class PlanningConfiguration {

    @Bean
    RecordMac recordMac(KeyRing eventKeys) {
        return new RecordMac(eventKeys::tag, eventKeys::verifies);
    }

    /** Lets each committed offset name its topics. */
    @Bean
    ContainerCustomizer<Object, Object, ConcurrentMessageListenerContainer<Object, Object>> namedTopics(
            CommittedOffsets committed) {
        return container -> container
                .getContainerProperties()
                .setOffsetAndMetadataProvider((listener, offset) -> committed.commit(offset));
    }
}
