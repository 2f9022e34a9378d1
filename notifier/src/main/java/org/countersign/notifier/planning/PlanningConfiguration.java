package org.countersign.notifier.planning;

import org.countersign.events.RecordMac;
import org.countersign.support.keys.KeyRing;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PlanningConfiguration {

    @Bean
    RecordMac recordMac(KeyRing eventKeys) {
        return new RecordMac(eventKeys::tag, eventKeys::verifies);
    }
}
