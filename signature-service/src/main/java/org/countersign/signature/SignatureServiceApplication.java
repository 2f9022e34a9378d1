package org.countersign.signature;

import java.time.Clock;
import java.time.Duration;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.correlation.SimpleCorrelationDataProvider;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.countersign.signature.domain.EventMetaData;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The signature service: commands, event log, relay, pages and API. */
@SpringBootApplication
@EnableScheduling
public class SignatureServiceApplication {

    public static void main(String[] args) {
        // Axon's vendor prints a banner unless told not to.
        System.setProperty("disable-axoniq-console-message", "true");
        SpringApplication.run(SignatureServiceApplication.class, args);
    }

    /** Whole milliseconds: what every reader of an event can hold without rounding. */
    @Bean
    Clock clock() {
        return Clock.tick(Clock.systemUTC(), Duration.ofMillis(1));
    }

    /**
     * Without Axon's transaction interceptor: a command needs no connection of its own, the log commits for many at
     * once.
     */
    @Bean
    CommandBus commandBus(CorrelationDataProvider correlation) {
        SimpleCommandBus bus = SimpleCommandBus.builder().build();
        bus.registerHandlerInterceptor(new CorrelationDataInterceptor<>(correlation));
        return bus;
    }

    /** Of what a command carries its events keep the trace and nothing else. */
    @Bean
    CorrelationDataProvider traceCorrelation() {
        return new SimpleCorrelationDataProvider(EventMetaData.TRACE);
    }
}
