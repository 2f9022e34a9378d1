package org.countersign.notifier.planning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.countersign.events.SigningRepeated;
import org.countersign.events.UpdatesStopped;
import org.countersign.notifier.delivery.Deliveries;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.Kind;
import org.countersign.notifier.webhook.Webhooks;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Decides what each event causes to be sent. Planning the same event twice plans nothing twice. */
@Component
class Planner {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Deliveries deliveries;
    private final Webhooks webhooks;
    private final JdbcClient database;

    Planner(Deliveries deliveries, Webhooks webhooks, JdbcClient database) {
        this.deliveries = deliveries;
        this.webhooks = webhooks;
        this.database = database;
    }

    void plan(List<RecordedEvent> events) {
        List<Delivery> planned = new ArrayList<>();
        for (RecordedEvent recorded : events) {
            if (recorded.event() instanceof SignatureEvent signature) {
                mail(recorded, signature).ifPresent(planned::add);
                subscription(signature);
            } else {
                planned.addAll(petitionEvent(recorded));
            }
        }
        deliveries.plan(planned);
    }

    private static Optional<Delivery> mail(RecordedEvent recorded, SignatureEvent event) {
        String round = event.signature() + ":" + event.round();
        if (event instanceof PetitionSigned) {
            return Optional.of(toSigner("confirm:" + round, Kind.CONFIRM, recorded, event));
        }
        if (event instanceof SignatureVerified) {
            return Optional.of(toSigner("thanks:" + round, Kind.THANKS, recorded, event));
        }
        if (event instanceof SigningRepeated repeated) {
            Kind kind = repeated.status() == SignatureStatus.PENDING ? Kind.CONFIRM : Kind.ALREADY_SIGNED;
            return Optional.of(toSigner("repeat:" + recorded.id(), kind, recorded, event));
        }
        return Optional.empty();
    }

    private static Delivery toSigner(String purpose, Kind kind, RecordedEvent recorded, SignatureEvent event) {
        return new Delivery(Delivery.idFor(purpose), kind, Optional.empty(), event.petition().value(),
                Optional.of(event.signature().value()), event.round(), Optional.empty(), Optional.empty(), recorded.trace(), 0);
    }

    private void subscription(SignatureEvent event) {
        if (event instanceof SignatureVerified verified && verified.updates()) {
            database.sql("""
                            insert into subscriber (petition, signature, round) values (?, ?, ?)
                            on conflict (petition, signature) do update set round = excluded.round""")
                    .params(event.petition().value(), event.signature().value(), event.round()).update();
        } else if (event instanceof UpdatesStopped || event instanceof SignerErased || event.was() == SignatureStatus.VERIFIED && event.becomes() != SignatureStatus.VERIFIED) {
            database.sql("delete from subscriber where petition = ? and signature = ?")
                    .params(event.petition().value(), event.signature().value()).update();
        }
    }

    private List<Delivery> petitionEvent(RecordedEvent recorded) {
        Event event = recorded.event();
        if (event instanceof PetitionPublished published) {
            database.sql("insert into petition (slug, title) values (?, ?) on conflict (slug) do update set title = excluded.title")
                    .params(published.petition().value(), published.title()).update();
            return toWebhooks("petition.published", recorded, Map.of("title", published.title(), "goal", published.goal()));
        }
        if (event instanceof PetitionClosed) {
            return toWebhooks("petition.closed", recorded, Map.of());
        }
        if (event instanceof PetitionReopened) {
            return toWebhooks("petition.reopened", recorded, Map.of());
        }
        return event instanceof MilestoneReached reached ? milestone(recorded, reached) : List.of();
    }

    private List<Delivery> milestone(RecordedEvent recorded, MilestoneReached reached) {
        String petition = reached.petition().value();
        Map<String, Object> data = Map.of("threshold", reached.threshold(), "goal", reached.goal(), "index", reached.reachedBy());
        String details = JSON.writeValueAsString(data);
        List<Delivery> planned = new ArrayList<>(toWebhooks("milestone.reached", recorded, data));
        planned.add(new Delivery(Delivery.idFor("milestone:" + recorded.id()), Kind.MILESTONE, Optional.of("organiser:" + petition),
                petition, Optional.empty(), 0, Optional.empty(), Optional.of(details), recorded.trace(), 0));
        deliveries.planUpdates(petition, reached.threshold(), details, recorded.trace());
        return planned;
    }

    /** A webhook's body is made here once, so that its repeats are the same to the byte. */
    private List<Delivery> toWebhooks(String type, RecordedEvent recorded, Map<String, Object> data) {
        Event event = recorded.event();
        Map<String, Object> allData = new LinkedHashMap<>();
        allData.put("petition", event.petition().value());
        allData.putAll(new java.util.TreeMap<>(data));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", type);
        body.put("timestamp", event.at().toString());
        body.put("data", allData);
        String json = JSON.writeValueAsString(body);
        return webhooks.wanting(type, event.petition().value()).stream()
                .map(webhook -> new Delivery(Delivery.idFor("webhook:" + webhook + ":" + recorded.id()), Kind.WEBHOOK,
                        Optional.of("webhook:" + webhook), event.petition().value(), Optional.empty(), 0, Optional.of(webhook),
                        Optional.of(json), recorded.trace(), 0)).toList();
    }
}
