package org.countersign.signature.domain.petition;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.countersign.events.PetitionSlug;
import org.countersign.events.PrivacyNotice;
import org.countersign.events.Sealed;
import org.countersign.events.SigningAttackDetected.AttackAnomaly;
import org.countersign.events.SigningRules;
import org.countersign.signature.domain.AggregateIds;

/** The commands of a petition. */
public sealed interface PetitionCommand {

    PetitionSlug petition();

    Instant at();

    @TargetAggregateIdentifier
    default String aggregate() {
        return AggregateIds.petition(petition());
    }

    record PublishPetition(
            PetitionSlug petition,
            Instant at,
            String title,
            String statement,
            List<String> recipients,
            long goal,
            List<Long> milestones,
            String language,
            Optional<Instant> closesAt,
            Sealed organiser,
            byte[] secret,
            List<String> topics,
            PrivacyNotice notice,
            Optional<UUID> organisation,
            boolean reminders)
            implements PetitionCommand {}

    record ClosePetition(PetitionSlug petition, Instant at) implements PetitionCommand {}

    record ReopenPetition(PetitionSlug petition, Instant at) implements PetitionCommand {}

    /**
     * Replaces the signing rules.
     *
     * @param actor the user name of the organiser's login
     * @param reason the organiser's reason
     */
    record ChangeSigningRules(PetitionSlug petition, Instant at, String actor, String reason, SigningRules rules)
            implements PetitionCommand {}

    /**
     * Opens a case that invalidates many signatures of the petition.
     *
     * @param signatures the number of its signatures
     * @param counted the number of its signatures that count
     * @param reason the reason that everybody can read
     * @param actor the user who opens the case
     */
    record OpenInvalidationCase(
            PetitionSlug petition,
            Instant at,
            UUID invalidationCase,
            long signatures,
            long counted,
            String reason,
            String actor)
            implements PetitionCommand {}

    /**
     * Replaces the privacy notice.
     *
     * @param actor the user name of the organiser's login
     */
    record ChangePrivacyNotice(PetitionSlug petition, Instant at, String actor, PrivacyNotice notice)
            implements PetitionCommand {}

    /**
     * Records that the sign calls look like an attack.
     *
     * @param anomalies what they have in common
     */
    record ReportAttack(PetitionSlug petition, Instant at, List<AttackAnomaly> anomalies) implements PetitionCommand {}
}
