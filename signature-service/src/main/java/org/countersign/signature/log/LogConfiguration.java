package org.countersign.signature.log;

import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class LogConfiguration {

    @Bean
    PetitionNames petitionNames(JdbcClient database) {
        return new PetitionNames(database);
    }

    @Bean
    EventLog eventLog(JdbcClient database, PetitionNames names) {
        return new EventLog(database, names);
    }

    @Bean
    GroupCommit groupCommit(DataSource dataSource, PetitionNames names, EventLog log, MeterRegistry meters,
                            @Value("${countersign.log.queue}") int capacity) {
        return new GroupCommit(dataSource, names, capacity, log::appended, meters);
    }

    @Bean
    EventStore eventStore(GroupCommit commits, EventLog log) {
        return EmbeddedEventStore.builder().storageEngine(new LogStorageEngine(commits, log)).build();
    }
}
