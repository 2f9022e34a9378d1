package org.countersign.benchmarks.peer.unscreened;

import org.countersign.signature.SignatureServiceApplication;
import org.countersign.signature.screening.SigningScreening;
import org.countersign.signature.signals.SigningSignals;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/**
 * The signature service, with sign calls that are neither screened nor leave signals. The product has no such setting.
 * Tasks that look at the tables of rules and signals on schedule run as usual, and find nothing.
 */
@Configuration(proxyBeanMethods = false)
public class UnscreenedService {

    public static void main(String[] args) {
        System.setProperty("disable-axoniq-console-message", "true");
        new SpringApplication(SignatureServiceApplication.class, UnscreenedService.class).run(args);
    }

    @Bean
    @Primary
    SigningScreening noScreening() {
        return SigningScreening.NONE;
    }

    @Bean
    @Primary
    SigningSignals noSignals() {
        return SigningSignals.NONE;
    }
}
