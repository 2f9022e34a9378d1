package org.countersign.signature.domain.alert;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;

/** What can be asked of an alert. */
public sealed interface AlertCommand {

    UUID alert();

    Instant at();

    /** @param secret opens what is sealed */
    record RequestAlert(
            @TargetAggregateIdentifier UUID alert,
            PetitionSlug petition,
            Instant at,
            List<Long> milestones,
            Sealed recipient,
            byte[] secret)
            implements AlertCommand {}

    /** @param byRecipient whether who is told asks for it, and not the organiser */
    record StopAlert(@TargetAggregateIdentifier UUID alert, Instant at, boolean byRecipient) implements AlertCommand {}
}
