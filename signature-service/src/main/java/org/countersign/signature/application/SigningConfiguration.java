package org.countersign.signature.application;

import java.time.Clock;
import java.time.Duration;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.ConfigurerModule;
import org.countersign.signature.domain.signature.ConfirmationPolicy;
import org.countersign.signature.domain.signature.SignatureAggregate;
import org.countersign.signature.token.AgainTokens;
import org.countersign.signature.token.FormTimes;
import org.countersign.signature.token.LinkTokens;
import org.countersign.support.keys.KeyPins;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SigningConfiguration {

    @Bean
    ConfigurerModule signatureAggregate() {
        return configurer ->
                configurer.configureAggregate(AggregateConfigurer.defaultConfiguration(SignatureAggregate.class));
    }

    @Bean
    ConfirmationPolicy confirmationPolicy(Petitions petitions) {
        return (petition, at) -> petitions
                .find(petition)
                .filter(found -> found.takesConfirmations(at))
                .isPresent();
    }

    /** A link to withdraw has no end, so every key of links stays in use. */
    @Bean
    LinkTokens tokens(KeyPins pins, @Value("${countersign.keys.token:}") String keys, Clock clock) {
        return new LinkTokens(pins.rotating("COUNTERSIGN_KEYS_TOKEN", "token", keys, number -> true), clock);
    }

    @Bean
    FormTimes formTimes(KeyPins pins, @Value("${countersign.keys.token:}") String keys) {
        return new FormTimes(pins.rotating("COUNTERSIGN_KEYS_TOKEN", "token", keys, number -> true));
    }

    @Bean
    AgainTokens againTokens(KeyPins pins, @Value("${countersign.keys.token:}") String keys) {
        return new AgainTokens(pins.rotating("COUNTERSIGN_KEYS_TOKEN", "token", keys, number -> true));
    }

    @Bean
    Signing.TokenLifetimes lifetimes(
            @Value("${countersign.tokens.verification-life}") Duration verification,
            @Value("${countersign.tokens.my-data-life}") Duration myData) {
        return new Signing.TokenLifetimes(verification, myData);
    }
}
