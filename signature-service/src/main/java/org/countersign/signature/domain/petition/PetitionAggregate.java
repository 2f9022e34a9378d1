package org.countersign.signature.domain.petition;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateRoot;
import org.countersign.events.PetitionClosed;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionReopened;
import org.countersign.signature.domain.AggregateIds;
import org.countersign.signature.domain.EventMetaData;
import org.countersign.signature.domain.petition.PetitionCommand.ClosePetition;
import org.countersign.signature.domain.petition.PetitionCommand.PublishPetition;
import org.countersign.signature.domain.petition.PetitionCommand.ReopenPetition;

/** Decides what happens to a petition. Closing what is closed and reopening what is open change nothing. */
@AggregateRoot(type = "Petition")
public class PetitionAggregate {

    @AggregateIdentifier
    private String id;

    private boolean open;

    PetitionAggregate() {
        // For Axon, which then replays the events.
    }

    @CommandHandler
    PetitionAggregate(PublishPetition command) {
        apply(
                new PetitionPublished(
                        command.petition(),
                        command.at(),
                        command.title(),
                        command.statement(),
                        command.recipients(),
                        command.goal(),
                        command.milestones(),
                        command.language(),
                        command.closesAt(),
                        command.organiser()),
                MetaData.with(EventMetaData.SECRET, command.secret()));
    }

    @CommandHandler
    void close(ClosePetition command) {
        if (open) {
            apply(new PetitionClosed(command.petition(), command.at()));
        }
    }

    @CommandHandler
    void reopen(ReopenPetition command) {
        if (!open) {
            apply(new PetitionReopened(command.petition(), command.at()));
        }
    }

    @EventSourcingHandler
    void on(PetitionPublished event) {
        id = AggregateIds.petition(event.petition());
        open = true;
    }

    @EventSourcingHandler
    void on(PetitionClosed event) {
        open = false;
    }

    @EventSourcingHandler
    void on(PetitionReopened event) {
        open = true;
    }
}
