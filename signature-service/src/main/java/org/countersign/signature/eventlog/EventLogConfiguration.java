package org.countersign.signature.eventlog;

import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.countersign.events.RecordMac;
import org.countersign.support.keys.KeyRing;
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
    EventMac eventMac(KeyRing eventKeys) {
        return new EventMac(eventKeys);
    }

    @Bean
    RecordMac recordMac(KeyRing eventKeys) {
        return new RecordMac(eventKeys::tag, eventKeys::verifies);
    }

    @Bean
    EventLog eventLog(JdbcClient database, PetitionNumbers numbers, EventMac macs, LogGate gate) {
        return new EventLog(database, numbers, macs, gate);
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
    GroupRead groupRead(
            JdbcClient database, EventLog log, LogGate gate, @Value("${countersign.log.queue}") int capacity) {
        return new GroupRead(database, log, gate, capacity);
    }

    @Bean
    SignatureStreams signatureStreams(GroupCommit commits, GroupRead reads, EventMac macs) {
        return new SignatureStreams(commits, reads, macs);
    }

    @Bean
    EventStore eventStore(GroupCommit commits, EventLog log, EventMac macs) {
        return EmbeddedEventStore.builder()
                .storageEngine(new AxonStorageEngine(commits, log, macs))
                .build();
    }
}
