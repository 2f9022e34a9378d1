package org.countersign.notifier.alert;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.AlertRequested;
import org.countersign.events.AlertStopped;
import org.countersign.notifier.delivery.Deliveries;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryKind;
import org.countersign.notifier.delivery.Recipient;
import org.countersign.notifier.milestone.NotifiedMilestone;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The recipients that organisers added for milestone mails. The topics of petitions and milestones have no common
 * order, and two instances may read them at the same time. A lock serialises both, so that the last transaction sees
 * both rows and plans the mail. The caller of each method runs the transaction that reads the event.
 */
@Component
public class RecipientAlerts {

    /** An arbitrary number. The notifier has no other advisory lock. */
    private static final long LOCK = 0x616c657274L;

    private final JdbcClient database;
    private final Deliveries deliveries;

    RecipientAlerts(JdbcClient database, Deliveries deliveries) {
        this.database = database;
        this.deliveries = deliveries;
    }

    /**
     * Stores a recipient, and plans the mails of stored milestones that were reached after the request.
     *
     * @param index the index of the event
     */
    public void add(AlertRequested requested, long index) {
        serialise();
        database.sql("""
                        insert into alert (id, petition, milestones, index)
                        values (:id, :petition, cast(:milestones as bigint[]), :index)
                        on conflict (id) do update set milestones = excluded.milestones, index = excluded.index""")
                .param("id", requested.alert())
                .param("petition", requested.petition().value())
                .param("index", index)
                .param("milestones", SqlArrays.literal(requested.milestones()))
                .update();
        plan("alert.id = ?", requested.alert());
    }

    /** Removes a recipient. */
    public void remove(AlertStopped stopped) {
        database.sql("delete from alert where id = ?").param(stopped.alert()).update();
    }

    /** Plans the mails of a milestone to all recipients of the petition. */
    public void plan(NotifiedMilestone milestone) {
        serialise();
        plan("milestone.id = ?", milestone.id());
    }

    /** Plans the mails for every pair of alert and milestone that the condition selects. */
    private void plan(String condition, UUID id) {
        deliveries.plan(database.sql("""
                        select alert.id, milestone.petition, threshold, details, trace
                        from alert join milestone on milestone.petition = alert.petition
                        where index <= reached_by and (milestones = '{}' or threshold = any (milestones)) and
                        """ + condition + " order by reached_by, alert.id")
                .param(id)
                .query((row, number) -> delivery(row))
                .list());
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        UUID alert = row.getObject("id", UUID.class);
        return new Delivery(
                Delivery.idFor("alert:" + alert + ":" + row.getLong("threshold")),
                DeliveryKind.ALERT,
                new Recipient.AlertRecipient(alert),
                new Delivery.Content(row.getString("petition"), Optional.of(row.getString("details"))),
                Optional.of("alert:" + alert),
                Optional.ofNullable(row.getString("trace")));
    }

    private void serialise() {
        database.sql("select pg_advisory_xact_lock(?)")
                .param(LOCK)
                .query((row, number) -> 0)
                .list();
    }
}
