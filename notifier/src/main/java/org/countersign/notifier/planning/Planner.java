package org.countersign.notifier.planning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.events.AlertRequested;
import org.countersign.events.AlertStopped;
import org.countersign.events.Event;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionClosed;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionReopened;
import org.countersign.events.PetitionSigned;
import org.countersign.events.RecordedEvent;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.SignerErased;
import org.countersign.events.SigningAttackDetected;
import org.countersign.events.SigningAttackDetected.AttackAnomaly;
import org.countersign.events.SigningRepeated;
import org.countersign.events.UpdatesStopped;
import org.countersign.notifier.alert.RecipientAlerts;
import org.countersign.notifier.delivery.Deliveries;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryKind;
import org.countersign.notifier.delivery.Recipient;
import org.countersign.notifier.mailing.Mailings;
import org.countersign.notifier.milestone.NotifiedMilestone;
import org.countersign.notifier.milestone.NotifiedMilestones;
import org.countersign.notifier.petition.PetitionDirectory;
import org.countersign.notifier.webhook.Webhooks;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Plans the deliveries of each event. Planning the same event twice adds nothing. */
@Component
class Planner {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Deliveries deliveries;
    private final Mailings mailings;
    private final RecipientAlerts alerts;
    private final Webhooks webhooks;
    private final NotifiedMilestones milestones;
    private final PetitionDirectory petitions;
    private final JdbcClient database;

    Planner(
            Deliveries deliveries,
            Mailings mailings,
            RecipientAlerts alerts,
            Webhooks webhooks,
            NotifiedMilestones milestones,
            PetitionDirectory petitions,
            JdbcClient database) {
        this.deliveries = deliveries;
        this.mailings = mailings;
        this.alerts = alerts;
        this.webhooks = webhooks;
        this.milestones = milestones;
        this.petitions = petitions;
        this.database = database;
    }

    /** Plans the deliveries of a batch of events. The caller runs the transaction that stores the position. */
    void plan(List<RecordedEvent> events) {
        List<Delivery> planned = new ArrayList<>();
        List<Recipient> erased = new ArrayList<>();
        for (RecordedEvent recorded : events) {
            if (recorded.event() instanceof SignatureEvent signature) {
                mailToSigner(recorded, signature).ifPresent(planned::add);
                updateSubscription(signature, recorded.index());
            } else {
                planForPetition(recorded).ifPresent(planned::add);
            }
            erased(recorded.event()).ifPresent(erased::add);
        }
        deliveries.plan(planned);
        // Afterwards, because a batch may plan a mail for somebody whom it erases.
        erased.forEach(deliveries::forget);
    }

    private static Optional<Recipient> erased(Event event) {
        if (event instanceof SignerErased signer) {
            return Optional.of(new Recipient.SignerRecipient(signer.signature().value(), signer.round()));
        }
        return event instanceof AlertStopped stopped
                ? Optional.of(new Recipient.AlertRecipient(stopped.alert()))
                : Optional.empty();
    }

    /** Returns the mail to the signer that follows from an event. */
    static Optional<Delivery> mailToSigner(RecordedEvent recorded, SignatureEvent event) {
        String round = event.signature() + ":" + event.round();
        if (event instanceof PetitionSigned signed) {
            // The signer corrected the form while confirming it.
            return signed.corrects() > 0
                    ? Optional.empty()
                    : Optional.of(toSigner("confirm:" + round, DeliveryKind.CONFIRM, recorded, event));
        }
        if (event instanceof SignatureVerified) {
            return Optional.of(toSigner("thanks:" + round, DeliveryKind.THANKS, recorded, event));
        }
        if (event instanceof SigningRepeated) {
            return Optional.of(toSigner("repeat:" + recorded.id(), DeliveryKind.ALREADY_SIGNED, recorded, event));
        }
        return Optional.empty();
    }

    private static Delivery toSigner(String purpose, DeliveryKind kind, RecordedEvent recorded, SignatureEvent event) {
        return new Delivery(
                Delivery.idFor(purpose),
                kind,
                new Recipient.SignerRecipient(event.signature().value(), event.round()),
                Delivery.Content.of(event.petition().value()),
                Optional.empty(),
                recorded.trace());
    }

    private void updateSubscription(SignatureEvent event, long index) {
        if (event instanceof SignatureVerified verified && verified.updates()) {
            database.sql("""
                            insert into subscriber (petition, signature, round, index) values (?, ?, ?, ?)
                            on conflict (petition, signature) do update
                            set round = excluded.round, index = excluded.index""")
                    .params(event.petition().value(), event.signature().value(), event.round(), index)
                    .update();
            mailings.addSubscriber(verified, index);
        } else if (event instanceof UpdatesStopped
                || event instanceof SignerErased
                || event.was() == SignatureStatus.VERIFIED && event.becomes() != SignatureStatus.VERIFIED) {
            database.sql("delete from subscriber where petition = ? and signature = ?")
                    .params(event.petition().value(), event.signature().value())
                    .update();
        }
    }

    private Optional<Delivery> planForPetition(RecordedEvent recorded) {
        Event event = recorded.event();
        if (event instanceof PetitionPublished published) {
            petitions.store(published);
            planWebhooks("petition.published", recorded, Map.of("title", published.title(), "goal", published.goal()));
        } else if (event instanceof PetitionClosed) {
            planWebhooks("petition.closed", recorded, Map.of());
        } else if (event instanceof PetitionReopened) {
            planWebhooks("petition.reopened", recorded, Map.of());
        } else if (event instanceof AlertRequested requested) {
            alerts.add(requested, recorded.index());
        } else if (event instanceof AlertStopped stopped) {
            alerts.remove(stopped);
        } else if (event instanceof SigningAttackDetected detected) {
            return Optional.of(planAttack(recorded, detected));
        } else if (event instanceof MilestoneReached reached) {
            return planMilestone(recorded, reached);
        }
        return Optional.empty();
    }

    /** Plans the webhook calls about an attack, and returns the mail to the organiser. */
    private Delivery planAttack(RecordedEvent recorded, SigningAttackDetected detected) {
        List<AttackAnomaly> anomalies = detected.anomalies();
        planWebhooks("petition.attack", recorded, Map.of("anomalies", anomalies));
        return new Delivery(
                Delivery.idFor("attack:" + recorded.id()),
                DeliveryKind.ATTACK,
                new Recipient.OrganiserRecipient(),
                Delivery.Content.of(detected.petition().value()),
                Optional.empty(),
                recorded.trace());
    }

    /**
     * Records a milestone and plans all its notifications. Returns the mail to the organiser. If the record comes
     * again, nothing is planned: webhooks that were registered since hear only of what happens after.
     */
    private Optional<Delivery> planMilestone(RecordedEvent recorded, MilestoneReached reached) {
        return milestones.store(recorded, reached).map(milestone -> planMilestone(recorded, milestone));
    }

    private Delivery planMilestone(RecordedEvent recorded, NotifiedMilestone milestone) {
        planWebhooks("milestone.reached", recorded, milestone.data());
        mailings.begin(milestone);
        alerts.plan(milestone);
        return new Delivery(
                Delivery.idFor("milestone:" + milestone.event()),
                DeliveryKind.MILESTONE,
                new Recipient.OrganiserRecipient(),
                new Delivery.Content(milestone.petition(), Optional.of(JSON.writeValueAsString(milestone.data()))),
                Optional.of("organiser:" + milestone.petition()),
                milestone.trace());
    }

    private void planWebhooks(String type, RecordedEvent recorded, Map<String, Object> data) {
        webhooks.plan(
                type,
                recorded.id(),
                recorded.event().at(),
                recorded.event().petition().value(),
                data,
                recorded.trace());
    }
}
