package org.countersign.signature.application;

import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.ConfigurerModule;
import org.countersign.signature.domain.petition.PetitionAggregate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PetitionConfiguration {

    @Bean
    ConfigurerModule petitionAggregate() {
        return configurer ->
                configurer.configureAggregate(AggregateConfigurer.defaultConfiguration(PetitionAggregate.class));
    }
}
