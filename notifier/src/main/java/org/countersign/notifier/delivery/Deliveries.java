package org.countersign.notifier.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The deliveries in the database. */
@Component
public class Deliveries {

    /**
     * So long a worker has what it took to itself; after that it is taken for dead and another sends it, with the same
     * id.
     */
    private static final Duration LEASE = Duration.ofMinutes(1);

    private static final List<Duration> BACK_OFF = List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(20),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(8),
            Duration.ofHours(24));

    private final JdbcClient database;
    private final JdbcTemplate template;
    private final String instance;

    /** @param instance this instance's name: no other that runs has it, and it has the same when it is started again */
    Deliveries(JdbcClient database, JdbcTemplate template, @Value("${countersign.instance}") String instance) {
        this.database = database;
        this.template = template;
        this.instance = instance;
    }

    /** Lets go of what this instance had taken when it was killed: to be called before it takes anything. */
    void releaseOwnLeases() {
        database.sql(
                        "update delivery set next_attempt = now() where state = 'planned' and taken_by = ? and next_attempt > now()")
                .param(instance)
                .update();
    }

    /** A delivery as organisers see it. */
    record DeliveryView(
            UUID id,
            String kind,
            String petition,
            String state,
            String recipient,
            int attempts,
            String error,
            Instant plannedAt,
            Instant nextAttempt,
            Instant sentAt) {}

    /** Plans deliveries; what is planned already stays as it is. */
    public void plan(Collection<Delivery> deliveries) {
        template.batchUpdate("""
                insert into delivery (id, medium, kind, lane, petition, signature, round, alert, webhook, details, trace)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing""", deliveries, 500, (statement, delivery) -> {
            Recipient recipient = delivery.recipient();
            statement.setObject(1, delivery.id());
            statement.setString(2, delivery.kind().channel().text());
            statement.setString(3, delivery.kind().text());
            statement.setString(4, delivery.lane().orElse(null));
            statement.setString(5, delivery.content().petition());
            statement.setObject(6, recipient instanceof Recipient.Signer signer ? signer.signature() : null);
            statement.setInt(7, recipient instanceof Recipient.Signer signer ? signer.round() : 0);
            statement.setObject(8, recipient instanceof Recipient.AlertRecipient person ? person.alert() : null);
            statement.setObject(9, recipient instanceof Recipient.WebhookTarget target ? target.webhook() : null);
            statement.setString(10, delivery.content().details().orElse(null));
            statement.setString(11, delivery.trace().orElse(null));
        });
    }

    /** Takes up to {@code limit} deliveries that are due. Each is then this worker's for a while. */
    List<LeasedDelivery> lease(DeliveryChannel channel, int limit) {
        return database
                .sql("""
                        update delivery set attempts = attempts + 1, next_attempt = now() + make_interval(secs => :lease), taken_by = :instance
                        where id in (
                            select id from delivery d
                            where state = 'planned' and medium = :medium and next_attempt <= now()
                              and (lane is null or not exists (
                                  select from delivery earlier
                                  where earlier.lane = d.lane and earlier.number < d.number and earlier.state = 'planned'))
                            order by number limit :limit for update skip locked)
                        returning id, kind, lane, petition, signature, round, alert, webhook, details, trace, attempts, number""")
                .param("lease", LEASE.toSeconds())
                .param("limit", limit)
                .param("medium", channel.text())
                .param("instance", instance)
                .query((row, number) -> Map.entry(row.getLong("number"), leased(row)))
                .list()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }

    private static LeasedDelivery leased(ResultSet row) throws SQLException {
        Delivery delivery = new Delivery(
                row.getObject("id", UUID.class),
                DeliveryKind.of(row.getString("kind")),
                recipient(row),
                new Delivery.Content(row.getString("petition"), Optional.ofNullable(row.getString("details"))),
                Optional.ofNullable(row.getString("lane")),
                Optional.ofNullable(row.getString("trace")));
        return new LeasedDelivery(delivery, row.getInt("attempts"));
    }

    private static Recipient recipient(ResultSet row) throws SQLException {
        UUID signature = row.getObject("signature", UUID.class);
        UUID alert = row.getObject("alert", UUID.class);
        UUID webhook = row.getObject("webhook", UUID.class);
        if (signature != null) {
            return new Recipient.Signer(signature, row.getInt("round"));
        }
        if (alert != null) {
            return new Recipient.AlertRecipient(alert);
        }
        return webhook != null ? new Recipient.WebhookTarget(webhook) : new Recipient.PetitionOrganiser();
    }

    /** Records how attempts ended. */
    void record(Map<LeasedDelivery, DeliveryOutcome> outcomes) {
        template.batchUpdate("""
                update delivery set state = ?, attempts = ?, next_attempt = now() + make_interval(secs => ?),
                    taken_by = null, recipient = coalesce(?, recipient), error = ?, sent_at = case when ? = 'sent' then now() end
                where id = ? and state = 'planned'""", outcomes.entrySet(), 500, (statement, entry) -> {
            LeasedDelivery delivery = entry.getKey();
            DeliveryOutcome outcome = entry.getValue();
            String state = state(delivery, outcome);
            statement.setString(1, state);
            statement.setInt(2, outcome.wasTried() ? delivery.attempts() : delivery.attempts() - 1);
            statement.setDouble(3, pause(delivery, outcome).toSeconds());
            statement.setString(4, outcome.recipient().orElse(null));
            statement.setString(5, outcome.error().orElse(null));
            statement.setString(6, state);
            statement.setObject(7, delivery.delivery().id());
        });
    }

    private static Duration pause(LeasedDelivery delivery, DeliveryOutcome outcome) {
        return switch (outcome.result()) {
            case LATER -> Duration.ZERO;
            case NOT_TRIED -> BACK_OFF.get(0);
            default -> BACK_OFF.get(Math.min(delivery.attempts(), BACK_OFF.size()) - 1);
        };
    }

    private static String state(LeasedDelivery delivery, DeliveryOutcome outcome) {
        return switch (outcome.result()) {
            case SENT -> "sent";
            case PARK -> "parked";
            case DROP -> "dropped";
            case RETRY -> delivery.attempts() > BACK_OFF.size() ? "parked" : "planned";
            case NOT_TRIED, LATER -> "planned";
        };
    }

    /** The newest deliveries. */
    List<DeliveryView> list(Optional<String> petition, Optional<String> state, int limit) {
        return database.sql("""
                        select * from delivery where (cast(:petition as text) is null or petition = :petition)
                            and (cast(:state as text) is null or state = :state) order by number desc limit :limit""")
                .param("petition", petition.orElse(null))
                .param("state", state.orElse(null))
                .param("limit", limit)
                .query((row, number) -> view(row))
                .list();
    }

    /** Has a delivery tried again now, whatever became of it before; empty if there is none. */
    Optional<DeliveryView> retry(UUID id) {
        return database.sql("""
                        update delivery set state = case when state = 'sent' then state else 'planned' end,
                            attempts = case when state = 'sent' then attempts else 0 end, next_attempt = now()
                        where id = ? returning *""").param(id).query((row, number) -> view(row)).optional();
    }

    /** How many are planned and due. */
    long due() {
        return database.sql("select count(*) from delivery where state = 'planned' and next_attempt <= now()")
                .query(Long.class)
                .single();
    }

    private static DeliveryView view(ResultSet row) throws SQLException {
        return new DeliveryView(
                row.getObject("id", UUID.class),
                row.getString("kind"),
                row.getString("petition"),
                row.getString("state"),
                row.getString("recipient"),
                row.getInt("attempts"),
                row.getString("error"),
                instant(row.getTimestamp("planned_at")),
                row.getString("state").equals("planned") ? instant(row.getTimestamp("next_attempt")) : null,
                instant(row.getTimestamp("sent_at")));
    }

    private static Instant instant(Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
