package org.countersign.benchmarks.peer.axon;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.springframework.jdbc.core.JdbcTemplate;

/** The signature of one signer. */
@Aggregate
@SuppressWarnings("NullAway.Init") // Axon sets the id when it replays the events.
class AxonSignature {

    /** The command to sign. */
    record AxonSign(
            @TargetAggregateIdentifier String signature,
            String petition,
            Instant at,
            String country,
            boolean publicly,
            boolean updates,
            String sealed,
            byte[] secret) {}

    /** The event of a signature. */
    record AxonSigned(
            String signature,
            String petition,
            Instant at,
            String country,
            boolean publicly,
            boolean updates,
            String sealed) {}

    @AggregateIdentifier
    private String id;

    AxonSignature() {
        // Axon needs this constructor.
    }

    @CommandHandler
    AxonSignature(AxonSign command, JdbcTemplate database) {
        database.update(
                "insert into signature_key (signature, secret) values (cast(? as uuid), ?)",
                command.signature(),
                command.secret());
        apply(new AxonSigned(
                command.signature(),
                command.petition(),
                command.at(),
                command.country(),
                command.publicly(),
                command.updates(),
                command.sealed()));
    }

    @EventSourcingHandler
    void on(AxonSigned event) {
        id = event.signature();
    }
}
