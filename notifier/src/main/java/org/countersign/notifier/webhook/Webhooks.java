package org.countersign.notifier.webhook;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.countersign.notifier.delivery.Deliveries;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryKind;
import org.countersign.notifier.delivery.Recipient;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of webhooks. */
@Component
public class Webhooks {

    private static final String EVENT_WEBHOOKS = """
            select * from webhook
            where ? = any (events) and (petition is null or petition = ?) order by created_at""";

    private final JdbcClient database;
    private final Deliveries deliveries;
    private final WebhookPayloads bodies;

    Webhooks(JdbcClient database, Deliveries deliveries, WebhookPayloads bodies) {
        this.database = database;
        this.deliveries = deliveries;
        this.bodies = bodies;
    }

    /** A webhook as the API returns it. */
    record Webhook(UUID id, String petition, String url, List<String> events, String format) {}

    UUID add(Optional<String> petition, URI url, List<String> events, WebhookFormat format) {
        UUID id = UUID.randomUUID();
        database.sql("""
                insert into webhook (id, petition, url, events, format)
                values (:id, :petition, :url, cast(:events as text[]), :format)""")
                .param("id", id)
                .param("petition", petition.orElse(null))
                .param("url", url.toString())
                .param("events", SqlArrays.literal(events))
                .param("format", format.text())
                .update();
        return id;
    }

    List<Webhook> all() {
        return database.sql("select * from webhook order by created_at")
                .query((row, number) -> webhook(row))
                .list();
    }

    private static Webhook webhook(ResultSet row) throws SQLException {
        return new Webhook(
                row.getObject("id", UUID.class),
                row.getString("petition"),
                row.getString("url"),
                List.of((String[]) row.getArray("events").getArray()),
                row.getString("format"));
    }

    Optional<URI> url(UUID id) {
        return database.sql("select url from webhook where id = ?")
                .param(id)
                .query(String.class)
                .optional()
                .map(URI::create);
    }

    boolean remove(UUID id) {
        return database.sql("delete from webhook where id = ?").param(id).update() == 1;
    }

    /**
     * Plans the calls to all webhooks that want an event. The body is built once, so that all attempts send the same
     * bytes.
     *
     * @param type the type of the event, in the names of webhooks
     * @param event the id of the event
     */
    public void plan(
            String type, String event, Instant at, String petition, Map<String, Object> data, Optional<String> trace) {
        deliveries.plan(
                database.sql(EVENT_WEBHOOKS).params(type, petition).query((row, number) -> webhook(row)).list().stream()
                        .map(webhook -> delivery(
                                webhook,
                                "webhook:" + webhook.id() + ":" + event,
                                Optional.of("webhook:" + webhook.id()),
                                petition,
                                bodies.of(WebhookFormat.of(webhook.format()).orElseThrow(), type, at, petition, data),
                                trace))
                        .toList());
    }

    private static Delivery delivery(
            Webhook webhook,
            String purpose,
            Optional<String> lane,
            String petition,
            String body,
            Optional<String> trace) {
        return new Delivery(
                Delivery.idFor(purpose),
                DeliveryKind.WEBHOOK,
                new Recipient.WebhookRecipient(webhook.id()),
                new Delivery.Content(petition, Optional.of(body)),
                lane,
                trace);
    }

    /**
     * Plans a test call, before all other deliveries. Returns the delivery's id. Empty if the webhook does not exist.
     */
    Optional<UUID> test(UUID id) {
        return database.sql("select * from webhook where id = ?")
                .param(id)
                .query((row, number) -> webhook(row))
                .optional()
                .map(webhook -> {
                    String body = bodies.of(
                            WebhookFormat.of(webhook.format()).orElseThrow(),
                            "webhook.test",
                            Clock.systemUTC().instant(),
                            webhook.petition(),
                            Map.of());
                    Delivery test = delivery(
                            webhook,
                            "test:" + UUID.randomUUID(),
                            Optional.empty(),
                            Optional.ofNullable(webhook.petition()).orElse(""),
                            body,
                            Optional.empty());
                    deliveries.plan(List.of(test));
                    return test.id();
                });
    }
}
