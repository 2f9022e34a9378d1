package org.countersign.signature;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.correlation.SimpleCorrelationDataProvider;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.countersign.signature.domain.EventMetaData;
import org.countersign.support.migration.MigrationMode;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts the signature service. */
@SpringBootApplication
@EnableScheduling
public class SignatureServiceApplication {

    public static void main(String[] args) {
        if (MigrationMode.handles(args)) {
            return;
        }
        // Axon prints a banner unless this is set.
        System.setProperty("disable-axoniq-console-message", "true");
        SpringApplication.run(SignatureServiceApplication.class, args);
    }

    /** A clock of whole milliseconds, which every reader of an event can represent without rounding. */
    @Bean
    DatabaseClock clock(JdbcClient database, MeterRegistry meters) {
        return new DatabaseClock(Clock.systemUTC(), database, meters);
    }

    /**
     * A command bus without Axon's transaction interceptor. A command needs no connection, because the event log
     * commits for many commands together.
     */
    @Bean
    CommandBus commandBus(CorrelationDataProvider correlation) {
        SimpleCommandBus bus = SimpleCommandBus.builder().build();
        bus.registerHandlerInterceptor(new CorrelationDataInterceptor<>(correlation));
        return bus;
    }

    /** Copies the trace from a command to its events, and nothing else. */
    @Bean
    CorrelationDataProvider traceCorrelation() {
        return new SimpleCorrelationDataProvider(EventMetaData.TRACE);
    }
}
