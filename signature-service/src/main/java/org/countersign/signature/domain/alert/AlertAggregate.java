package org.countersign.signature.domain.alert;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.countersign.events.AlertRequested;
import org.countersign.events.AlertStopped;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.AggregateTypes;
import org.countersign.signature.domain.EventMetaData;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.alert.AlertCommand.RequestAlert;
import org.countersign.signature.domain.alert.AlertCommand.StopAlert;

/**
 * Decides whether a recipient gets milestone mails of one petition. The recipient did not ask for them. After a
 * recipient has stopped the mails, nobody can request them again.
 */
@AggregateRoot(type = AggregateTypes.ALERT)
public class AlertAggregate {

    @AggregateIdentifier
    private UUID id;

    private PetitionSlug petition;
    private boolean active;
    private boolean stoppedByRecipient;

    @SuppressWarnings("NullAway.Init")
    AlertAggregate() {
        // Axon creates the aggregate and replays its events.
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void request(RequestAlert command) {
        if (stoppedByRecipient) {
            throw new Rejection(Rejection.Reason.WANTS_NO_ALERTS);
        }
        apply(
                new AlertRequested(
                        command.alert(), command.petition(), command.at(), command.milestones(), command.recipient()),
                MetaData.with(EventMetaData.SECRET, command.secret()));
    }

    @CommandHandler
    PetitionSlug stop(StopAlert command) {
        if (active || command.byRecipient() && !stoppedByRecipient) {
            apply(new AlertStopped(id, petition, command.at(), command.byRecipient()));
        }
        return petition;
    }

    @EventSourcingHandler
    void on(AlertRequested event) {
        id = event.alert();
        petition = event.petition();
        active = true;
    }

    @EventSourcingHandler
    void on(AlertStopped event) {
        active = false;
        stoppedByRecipient |= event.byRecipient();
    }
}
