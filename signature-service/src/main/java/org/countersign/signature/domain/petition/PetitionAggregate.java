package org.countersign.signature.domain.petition;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateRoot;
import org.countersign.events.InvalidationCaseOpened;
import org.countersign.events.PetitionClosed;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionReopened;
import org.countersign.events.PrivacyNotice;
import org.countersign.events.PrivacyNoticeChanged;
import org.countersign.events.SigningAttackDetected;
import org.countersign.events.SigningRules;
import org.countersign.events.SigningRulesChanged;
import org.countersign.signature.domain.AggregateIds;
import org.countersign.signature.domain.AggregateTypes;
import org.countersign.signature.domain.EventMetaData;
import org.countersign.signature.domain.petition.PetitionCommand.ChangePrivacyNotice;
import org.countersign.signature.domain.petition.PetitionCommand.ChangeSigningRules;
import org.countersign.signature.domain.petition.PetitionCommand.ClosePetition;
import org.countersign.signature.domain.petition.PetitionCommand.OpenInvalidationCase;
import org.countersign.signature.domain.petition.PetitionCommand.PublishPetition;
import org.countersign.signature.domain.petition.PetitionCommand.ReopenPetition;
import org.countersign.signature.domain.petition.PetitionCommand.ReportAttack;

/**
 * Decides about a petition. Closing a closed petition, reopening an open one, equal rules, an equal privacy notice and
 * opening a case again change nothing. An attack is reported once an hour.
 */
@AggregateRoot(type = AggregateTypes.PETITION)
public class PetitionAggregate {

    /** Each event about an attack causes a mail to the organiser. */
    private static final Duration ATTACK_INTERVAL = Duration.ofHours(1);

    @AggregateIdentifier
    private String id;

    private boolean open;
    private SigningRules rules = SigningRules.DEFAULT;
    private final Set<UUID> cases = new HashSet<>();
    private Instant attacked = Instant.EPOCH;
    private Optional<PrivacyNotice> notice = Optional.empty();
    private int notices;

    @SuppressWarnings("NullAway.Init")
    PetitionAggregate() {
        // Axon creates the aggregate and replays its events.
    }

    // The event handler sets the fields when the event is applied.
    @CommandHandler
    @SuppressWarnings("NullAway.Init")
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
                        command.organiser(),
                        command.topics(),
                        Optional.of(command.notice()),
                        command.organisation().filter(id -> !id.equals(Petition.FIRST_ORGANISATION)),
                        command.reminders()),
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

    @CommandHandler
    void changeRules(ChangeSigningRules command) {
        if (!command.rules().equals(rules)) {
            apply(new SigningRulesChanged(
                    command.petition(), command.at(), command.actor(), command.reason(), command.rules()));
        }
    }

    @CommandHandler
    void openCase(OpenInvalidationCase command) {
        if (!cases.contains(command.invalidationCase())) {
            apply(new InvalidationCaseOpened(
                    command.invalidationCase(),
                    command.petition(),
                    command.at(),
                    command.signatures(),
                    command.counted(),
                    command.reason(),
                    command.actor()));
        }
    }

    @CommandHandler
    void changeNotice(ChangePrivacyNotice command) {
        if (!Optional.of(command.notice()).equals(notice)) {
            apply(new PrivacyNoticeChanged(
                    command.petition(), command.at(), command.actor(), notices + 1, command.notice()));
        }
    }

    @CommandHandler
    void report(ReportAttack command) {
        if (!command.at().isBefore(attacked.plus(ATTACK_INTERVAL))) {
            apply(new SigningAttackDetected(command.petition(), command.at(), command.anomalies()));
        }
    }

    @EventSourcingHandler
    void on(PetitionPublished event) {
        id = AggregateIds.petition(event.petition());
        open = true;
        notice = event.notice();
        notices = notice.isPresent() ? PrivacyNotice.FIRST_VERSION : 0;
    }

    @EventSourcingHandler
    void on(PrivacyNoticeChanged event) {
        notice = Optional.of(event.notice());
        notices = event.version();
    }

    @EventSourcingHandler
    void on(PetitionClosed event) {
        open = false;
    }

    @EventSourcingHandler
    void on(PetitionReopened event) {
        open = true;
    }

    @EventSourcingHandler
    void on(SigningRulesChanged event) {
        rules = event.rules();
    }

    @EventSourcingHandler
    void on(InvalidationCaseOpened event) {
        cases.add(event.invalidationCase());
    }

    @EventSourcingHandler
    void on(SigningAttackDetected event) {
        attacked = event.at();
    }
}
