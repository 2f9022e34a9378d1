package org.countersign.notifier.alert;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.AlertRequested;
import org.countersign.events.AlertStopped;
import org.countersign.events.MilestoneReached;
import org.countersign.notifier.delivery.Deliveries;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.Kind;
import org.countersign.notifier.mailing.Mailings;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Whom organisers want told of milestones. Events of petitions and of milestones come in no order, and each may be read by another instance
 * at the same time: whichever is stored last plans what both together cause. All is to be called in the transaction that reads the event.
 */
@Component
public class Alerts {

    /** Any number; the notifier has no other such lock. */
    private static final long LOCK = 0x616c657274L;

    private final JdbcClient database;
    private final Deliveries deliveries;
    private final Mailings mailings;

    Alerts(JdbcClient database, Deliveries deliveries, Mailings mailings) {
        this.database = database;
        this.deliveries = deliveries;
        this.mailings = mailings;
    }

    /** Somebody is to be told, as the event at this index says. If a milestone that was reached later is known already, they are told at once. */
    public void requested(AlertRequested requested, long index) {
        takeTurns();
        database.sql("""
                        insert into alert (id, petition, milestones, index) values (:id, :petition, cast(:milestones as bigint[]), :index)
                        on conflict (id) do update set milestones = excluded.milestones, index = excluded.index""")
                .param("id", requested.alert()).param("petition", requested.petition().value()).param("index", index)
                .param("milestones", requested.milestones().toString().replace('[', '{').replace(']', '}')).update();
        deliveries.plan(mailings.reachedSince(requested.petition(), index).stream().filter(milestone -> requested.isOf(milestone.threshold()))
                .map(milestone -> delivery(requested.alert(), requested.petition().value(), milestone.threshold(), milestone.details(), milestone.trace())).toList());
    }

    /** Somebody is told no more. */
    public void stopped(AlertStopped stopped) {
        database.sql("delete from alert where id = ?").param(stopped.alert()).update();
    }

    /** Plans to tell of a milestone everybody who is to be told of it. To be called after {@link Mailings#begin}. */
    public void reached(MilestoneReached reached, String details, Optional<String> trace) {
        takeTurns();
        List<UUID> alerts = database.sql("""
                        select id from alert where petition = :petition and index <= :index
                            and (milestones = '{}' or :threshold = any (milestones)) order by id""")
                .param("petition", reached.petition().value()).param("index", reached.reachedBy()).param("threshold", reached.threshold())
                .query(UUID.class).list();
        deliveries.plan(alerts.stream().map(alert -> delivery(alert, reached.petition().value(), reached.threshold(), details, trace)).toList());
    }

    private static Delivery delivery(UUID alert, String petition, long threshold, String details, Optional<String> trace) {
        return new Delivery(Delivery.idFor("alert:" + alert + ":" + threshold), Kind.ALERT, Optional.of("alert:" + alert), petition, Optional.empty(), 0,
                Optional.of(alert), Optional.empty(), Optional.of(details), trace, 0);
    }

    private void takeTurns() {
        database.sql("select pg_advisory_xact_lock(?)").param(LOCK).query((row, number) -> 0).list();
    }
}
