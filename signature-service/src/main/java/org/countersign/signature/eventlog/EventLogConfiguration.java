package org.countersign.signature.eventlog;

import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class EventLogConfiguration {

    @Bean
    PetitionNumbers petitionNumbers(JdbcClient database) {
        return new PetitionNumbers(database);
    }

    @Bean
    EventLog eventLog(JdbcClient database, PetitionNumbers numbers, LogGate gate) {
        return new EventLog(database, numbers, gate);
    }

    @Bean
    GroupCommit groupCommit(
            DataSource dataSource,
            PetitionNumbers numbers,
            EventLog log,
            LogGate gate,
            MeterRegistry meters,
            @Value("${countersign.log.queue}") int capacity) {
        return new GroupCommit(dataSource, numbers, gate, capacity, log::appended, meters);
    }

    @Bean
    EventStore eventStore(GroupCommit commits, EventLog log) {
        return EmbeddedEventStore.builder()
                .storageEngine(new AxonStorageEngine(commits, log))
                .build();
    }
}
