package org.countersign.benchmarks.peer.axon;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.springframework.jdbc.core.JdbcTemplate;

/** One person's signature. */
@Aggregate
class AxonSignature {

    /** The command. */
    record Sign(
            @TargetAggregateIdentifier String signature,
            String petition,
            Instant at,
            String country,
            boolean publicly,
            boolean updates,
            String sealed,
            byte[] secret) {}

    /** The event. */
    record Signed(
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
        // For Axon.
    }

    @CommandHandler
    AxonSignature(Sign command, JdbcTemplate database) {
        database.update(
                "insert into signature_key (signature, secret) values (cast(? as uuid), ?)",
                command.signature(),
                command.secret());
        apply(new Signed(
                command.signature(),
                command.petition(),
                command.at(),
                command.country(),
                command.publicly(),
                command.updates(),
                command.sealed()));
    }

    @EventSourcingHandler
    void on(Signed event) {
        id = event.signature();
    }
}
