package org.countersign.signature.domain.alert;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;

/** The commands of an alert. */
public sealed interface AlertCommand {

    UUID alert();

    Instant at();

    /**
     * Requests the alert.
     *
     * @param secret opens the sealed recipient
     */
    record RequestAlert(
            @TargetAggregateIdentifier UUID alert,
            PetitionSlug petition,
            Instant at,
            List<Long> milestones,
            Sealed recipient,
            byte[] secret)
            implements AlertCommand {}

    /**
     * Stops the alert.
     *
     * @param byRecipient whether the recipient stops it, and not the organiser
     */
    record StopAlert(@TargetAggregateIdentifier UUID alert, Instant at, boolean byRecipient) implements AlertCommand {}
}
