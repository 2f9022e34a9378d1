package org.countersign.signature.durability;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DurabilityConfiguration {

    @Bean
    DurabilityCheck durabilityCheck(
            PostgresDurabilityReader postgres,
            TopicDurabilityReader kafka,
            Clock clock,
            MeterRegistry meters,
            @Value("${countersign.durability}") String policy) {
        DurabilityCheck check = new DurabilityCheck(postgres::read, kafka::read, clock, DurabilityPolicy.parse(policy));
        check.register(meters);
        return check;
    }
}
