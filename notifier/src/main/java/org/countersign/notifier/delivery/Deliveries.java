package org.countersign.notifier.delivery;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of deliveries. */
@Component
public class Deliveries {

    /** After this time without an outcome, another worker sends the delivery, with the same id. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    private static final Duration BUSY_INTERVAL = Duration.ofSeconds(1);

    /** The intervals between attempts. After the last one, the delivery is parked. */
    private static final List<Duration> RETRY_INTERVALS = List.of(
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
    private final SendingStart start;
    private final Map<DeliveryChannel, LeasePosition> positions = Map.of(
            DeliveryChannel.MAIL, new LeasePosition(false, System::nanoTime),
            DeliveryChannel.MAILING, new LeasePosition(false, System::nanoTime),
            DeliveryChannel.REMINDER, new LeasePosition(false, System::nanoTime),
            DeliveryChannel.ACCOUNT, new LeasePosition(false, System::nanoTime),
            DeliveryChannel.WEBHOOK, new LeasePosition(true, System::nanoTime));

    /** @param instance the name of this instance, unique among running instances and stable across restarts */
    Deliveries(
            JdbcClient database,
            JdbcTemplate template,
            @Value("${countersign.instance}") String instance,
            SendingStart start) {
        this.database = database;
        this.template = template;
        this.instance = instance;
        this.start = start;
    }

    /** Ends the leases that this instance held when it was killed. The caller has not leased anything yet. */
    void releaseOwnLeases() {
        database.sql("""
                        update delivery set next_attempt = now()
                        where state = 'planned' and taken_by = ? and next_attempt > now()""").param(instance).update();
    }

    /** A delivery as the API returns it. */
    record DeliveryView(
            UUID id,
            String kind,
            String petition,
            String state,
            @Nullable String recipient,
            int attempts,
            @Nullable String error,
            Instant plannedAt,
            @Nullable Instant nextAttempt,
            @Nullable Instant sentAt) {}

    /** Plans deliveries. A delivery that is planned already does not change. */
    public void plan(Collection<Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        template.update("""
                insert into delivery (
                    id, medium, kind, lane, petition, signature, round, alert, invitation, webhook, details, trace)
                select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (id) do nothing""", statement -> {
            ArrayParameters<Delivery> arrays = new ArrayParameters<>(statement, deliveries);
            arrays.add("uuid", Delivery::id);
            arrays.add("text", one -> one.kind().channel().text());
            arrays.add("text", one -> one.kind().text());
            arrays.add("text", one -> one.lane().orElse(null));
            arrays.add("text", one -> one.content().petition());
            arrays.add("uuid", one -> one.recipient() instanceof Recipient.SignerRecipient to ? to.signature() : null);
            arrays.add("int4", one -> one.recipient() instanceof Recipient.SignerRecipient to ? to.round() : 0);
            arrays.add("uuid", one -> one.recipient() instanceof Recipient.AlertRecipient to ? to.alert() : null);
            arrays.add(
                    "uuid", one -> one.recipient() instanceof Recipient.InvitedRecipient to ? to.invitation() : null);
            arrays.add("uuid", one -> one.recipient() instanceof Recipient.WebhookRecipient to ? to.webhook() : null);
            arrays.add("text", one -> one.content().details().orElse(null));
            arrays.add("text", one -> one.trace().orElse(null));
        });
    }

    /**
     * Leases up to {@code limit} deliveries that are due. The oldest come first. Those that are due again may come up
     * to a second later.
     */
    List<LeasedDelivery> lease(DeliveryChannel channel, int limit) {
        if (!start.mayBegin()) {
            return List.of();
        }
        LeasePosition position = Objects.requireNonNull(positions.get(channel));
        long after = position.searchAfter();
        List<Map.Entry<Long, LeasedDelivery>> leased = database
                .sql("""
                        update delivery set attempts = attempts + 1, taken_by = :instance,
                            next_attempt = now() + make_interval(secs => :lease)
                        where id in (
                            select id from delivery d
                            where state = 'planned' and medium = :medium and number > :after and next_attempt <= now()
                              and (lane is null or not exists (
                                  select from delivery earlier
                                  where earlier.lane = d.lane and earlier.number < d.number
                                    and earlier.state = 'planned'))
                            order by number limit :limit for update skip locked)
                        returning id, kind, lane, petition, signature, round, alert, invitation, webhook, details,
                            trace, attempts, number""")
                .param("lease", LEASE.toSeconds())
                .param("limit", limit)
                .param("medium", channel.text())
                .param("instance", instance)
                .param("after", after)
                .query((row, number) -> Map.entry(row.getLong("number"), leased(row)))
                .list()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .toList();
        if (!leased.isEmpty()) {
            position.leased(after, leased.get(leased.size() - 1).getKey());
        }
        return leased.stream().map(Map.Entry::getValue).toList();
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
        UUID invitation = row.getObject("invitation", UUID.class);
        UUID webhook = row.getObject("webhook", UUID.class);
        if (signature != null) {
            return new Recipient.SignerRecipient(signature, row.getInt("round"));
        }
        if (alert != null) {
            return new Recipient.AlertRecipient(alert);
        }
        if (invitation != null) {
            return new Recipient.InvitedRecipient(invitation);
        }
        return webhook != null ? new Recipient.WebhookRecipient(webhook) : new Recipient.OrganiserRecipient();
    }

    /** Records the outcome of attempts and ends the leases. */
    void record(Map<LeasedDelivery, DeliveryOutcome> outcomes) {
        Collection<Map.Entry<LeasedDelivery, DeliveryOutcome>> all = outcomes.entrySet();
        template.update("""
                update delivery set state = outcome.state, attempts = outcome.attempts, taken_by = null,
                    next_attempt = coalesce(outcome.due, now() + make_interval(secs => outcome.pause)),
                    recipient = coalesce(outcome.recipient, delivery.recipient), error = outcome.error,
                    postponed = delivery.postponed + outcome.postponed,
                    sent_at = case when outcome.state = 'sent' then now() end
                from unnest(?, ?, ?, ?, ?, ?, ?, ?)
                    as outcome (id, state, attempts, pause, recipient, error, postponed, due)
                where delivery.id = outcome.id and delivery.state = 'planned'""", statement -> {
            ArrayParameters<Map.Entry<LeasedDelivery, DeliveryOutcome>> arrays = new ArrayParameters<>(statement, all);
            arrays.add("uuid", one -> one.getKey().delivery().id());
            arrays.add("text", one -> state(one.getKey(), one.getValue()));
            arrays.add("int4", one -> one.getKey().attempts() - (one.getValue().wasTried() ? 0 : 1));
            arrays.add("float8", one ->
                    (double) pause(one.getKey(), one.getValue()).toSeconds());
            arrays.add("text", one -> one.getValue().recipient().orElse(null));
            arrays.add("text", one -> one.getValue().error().orElse(null));
            arrays.add("int4", one -> one.getValue().result() == DeliveryOutcome.Result.POSTPONED ? 1 : 0);
            arrays.add(
                    "timestamptz",
                    one -> one.getValue().due().map(Instant::toString).orElse(null));
        });
    }

    /** Sets the parameters of a statement to arrays, which are much cheaper than one execution for each element. */
    private static final class ArrayParameters<T> {

        private final PreparedStatement statement;
        private final Collection<T> elements;
        private int count;

        ArrayParameters(PreparedStatement statement, Collection<T> elements) {
            this.statement = statement;
            this.elements = elements;
        }

        /** Sets the next parameter. */
        void add(String type, Function<T, @Nullable Object> value) throws SQLException {
            Object[] values = elements.stream().map(value).toArray();
            count++;
            statement.setArray(count, statement.getConnection().createArrayOf(type, values));
        }
    }

    private static Duration pause(LeasedDelivery delivery, DeliveryOutcome outcome) {
        return switch (outcome.result()) {
            // A mail that waits for a turn has a due time instead.
            case LATER, POSTPONED -> Duration.ZERO;
            case BUSY -> BUSY_INTERVAL;
            case NOT_TRIED -> RETRY_INTERVALS.get(0);
            default -> RETRY_INTERVALS.get(Math.min(delivery.attempts(), RETRY_INTERVALS.size()) - 1);
        };
    }

    private static String state(LeasedDelivery delivery, DeliveryOutcome outcome) {
        return switch (outcome.result()) {
            case SENT -> "sent";
            case PARK -> "parked";
            case DROP -> "dropped";
            case RETRY -> delivery.attempts() > RETRY_INTERVALS.size() ? "parked" : "planned";
            case SUPPRESSED -> "suppressed";
            case NOT_TRIED, BUSY, LATER, POSTPONED -> "planned";
        };
    }

    /**
     * Removes what tells something about a person from all deliveries to a recipient: the masked address and errors
     * that may quote it. Deliveries that are not sent are dropped. The rows stay, so that nothing is planned twice.
     *
     * @param recipient a signer with the last round that is erased, or the recipient of an alert
     */
    public void forget(Recipient recipient) {
        boolean signer = recipient instanceof Recipient.SignerRecipient;
        database.sql("""
                        update delivery set recipient = null, taken_by = null,
                            error = case when state = 'sent' then null else 'the personal data was erased' end,
                            state = case when state = 'sent' then state else 'dropped' end
                        where %s""".formatted(signer ? "signature = ? and round <= ?" : "alert = ?"))
                .params(
                        recipient instanceof Recipient.SignerRecipient one
                                ? List.of(one.signature(), one.round())
                                : List.of(((Recipient.AlertRecipient) recipient).alert()))
                .update();
    }

    /** Lists the newest deliveries, newest first. */
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

    /**
     * Makes a delivery due now and resets its attempts. A delivery that was sent does not change.
     *
     * @return the delivery. Empty if there is none with this id
     */
    Optional<DeliveryView> retry(UUID id) {
        return database.sql("""
                        update delivery set state = case when state = 'sent' then state else 'planned' end,
                            attempts = case when state = 'sent' then attempts else 0 end, next_attempt = now()
                        where id = ? returning *""").param(id).query((row, number) -> view(row)).optional();
    }

    /** Counts the deliveries that are due. */
    long countDue() {
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
                row.getTimestamp("planned_at").toInstant(),
                row.getString("state").equals("planned") ? instant(row.getTimestamp("next_attempt")) : null,
                instant(row.getTimestamp("sent_at")));
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
