package org.countersign.benchmarks.peer.axon;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.PostgresTokenTableFactory;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcSQLErrorCodesResolver;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.SignatureForm;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.countersign.signature.personaldata.Vault;
import org.countersign.support.keys.KeyRing;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Axon as its documentation sets it up on a relational database. It has the JDBC event store, the simple command bus,
 * and a tracking processor that publishes with a KafkaTemplate. It validates, hashes and encrypts as the product does.
 */
@SpringBootApplication
public class AxonPeer {

    private static final int PARTITIONS = 6;

    public static void main(String[] args) {
        new SpringApplicationBuilder(AxonPeer.class)
                .properties("spring.config.name=peer")
                .run(args);
    }

    @Bean
    TransactionManager axonTransactions(PlatformTransactionManager transactions) {
        return new SpringTransactionManager(transactions);
    }

    @Bean
    ConnectionProvider connections(DataSource dataSource) {
        return new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(dataSource));
    }

    @Bean
    EventStorageEngine eventStorageEngine(
            ConnectionProvider connections,
            TransactionManager transactions,
            DataSource dataSource,
            @Qualifier("eventSerializer") Serializer events,
            Serializer snapshots)
            throws SQLException {
        JdbcEventStorageEngine engine = JdbcEventStorageEngine.builder()
                .connectionProvider(connections)
                .transactionManager(transactions)
                .persistenceExceptionResolver(new JdbcSQLErrorCodesResolver())
                .eventSerializer(events)
                .snapshotSerializer(snapshots)
                .build();
        engine.createSchema(PostgresEventTableFactory.INSTANCE);
        return engine;
    }

    @Bean
    TokenStore tokenStore(ConnectionProvider connections, Serializer serializer) {
        JdbcTokenStore store = JdbcTokenStore.builder()
                .connectionProvider(connections)
                .serializer(serializer)
                .build();
        store.createSchema(PostgresTokenTableFactory.INSTANCE);
        return store;
    }

    @Bean
    NewTopic topic() {
        return TopicBuilder.name(AxonPublisher.TOPIC).partitions(PARTITIONS).build();
    }

    /** Handles the sign request. */
    @RestController
    static class AxonSignController {

        private final CommandGateway commands;
        private final PseudonymousIds ids;
        private final Vault vault;

        AxonSignController(CommandGateway commands, @Value("${peer.key}") String key) {
            this.commands = commands;
            this.ids = new PseudonymousIds(KeyRing.parse("peer.key", key));
            this.vault = new Vault(KeyRing.parse("peer.key", key));
        }

        @PostMapping("/api/petitions/{petition}/signatures")
        @ResponseStatus(HttpStatus.ACCEPTED)
        Map<String, String> sign(@PathVariable String petition, @RequestBody SignatureForm form) {
            SignatureForm.ValidSignature valid = form.validate();
            UUID id = ids.of(new PetitionSlug(petition), valid.address()).value();
            Vault.SealedWithSecret sealed = vault.seal(id, valid.person());
            try {
                commands.sendAndWait(new AxonSignature.AxonSign(
                        id.toString(),
                        petition,
                        Instant.now(),
                        valid.country().value(),
                        valid.publicly(),
                        valid.updates(),
                        sealed.sealed().text(),
                        sealed.secret()));
            } catch (AggregateStreamCreationException signedBefore) {
                // A repeated request gets the same response.
            }
            return Map.of("status", "pending");
        }
    }
}
