package org.countersign.notifier.reminder;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Plans the reminders to signers who have not confirmed. It follows the confirmation mails that were sent, petition by
 * petition, at the distance of each step. Signing and confirming therefore write nothing for reminders.
 *
 * <p>A reminder here is a candidate. When it is sent, the signature service tells from the event log whether the signer
 * still needs it.
 */
@Component
class Reminders {

    private static final Logger LOG = LoggerFactory.getLogger(Reminders.class);
    /** A reminder that is later than this, for example after an outage, is left out. */
    private static final Duration MAX_LATENESS = Duration.ofHours(12);

    private static final int MAX_PETITIONS = 50;
    private static final String POLL_INTERVAL_MILLIS = "${countersign.reminders.poll-millis:5000}";

    private static final String NEXT = """
            select slug, after from (
                select petition.slug, coalesce(position.number, :start) as after
                from petition left join reminder_position position
                    on position.petition = petition.slug and position.step = :step
            ) as followed cross join lateral (
                select planned_at from delivery
                where delivery.petition = followed.slug and delivery.number > followed.after
                order by delivery.number limit 1
            ) as first
            where first.planned_at <= :before or first.planned_at > now()
            order by first.planned_at limit :petitions""";

    /** A mail that was planned in the future, by a wrong clock, holds up nobody. */
    private static final String PLAN = """
            with passed as (
                select * from delivery where petition = :petition and number > :after order by number limit :limit
            ), due as (
                select * from passed where number < coalesce(
                    (select min(number) from passed where planned_at > :before and planned_at <= now()),
                    9223372036854775807)
            ), added as (
                insert into delivery (id, medium, kind, petition, signature, round, details, trace)
                select delivery_id('remind:' || :step || ':' || cast(due.signature as text) || ':' || due.round),
                       'reminder', 'reminder', due.petition, due.signature, due.round, :seconds, due.trace
                from due join petition on petition.slug = due.petition
                where petition.reminders and due.kind = 'confirm' and due.state = 'sent'
                  -- An erasure has removed the masked address.
                  and due.recipient is not null
                  and due.planned_at > :after_time and due.planned_at <= now()
                  and not exists (
                      select from delivery thanks where thanks.id = delivery_id(
                          'thanks:' || cast(due.signature as text) || ':' || due.round))
                on conflict (id) do nothing
            )
            insert into reminder_position (petition, step, number)
            select :petition, :step, max(number) from due having max(number) is not null
            on conflict (petition, step) do update set number = excluded.number""";

    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private final List<Duration> steps;
    private final int perPoll;

    /**
     * Creates the task.
     *
     * @param steps how long after the confirmation mail was planned a reminder goes out; empty for no reminders
     * @param perSecond the maximum rate of mails that nobody waits for
     * @param pollMillis the pause between two looks
     */
    Reminders(
            JdbcClient database,
            TransactionTemplate transaction,
            @Value("${countersign.reminders.after}") List<Duration> steps,
            @Value("${countersign.mail.updates-per-second}") int perSecond,
            @Value(POLL_INTERVAL_MILLIS) long pollMillis) {
        boolean rising = IntStream.range(0, steps.size())
                .allMatch(i -> steps.get(i).compareTo(i == 0 ? Duration.ZERO : steps.get(i - 1)) > 0);
        if (!rising) {
            throw new IllegalArgumentException(
                    "COUNTERSIGN_REMINDERS_AFTER must be rising times such as 2d,6d, or empty for no reminders");
        }
        this.database = database;
        this.transaction = transaction;
        this.steps = List.copyOf(steps);
        this.perPoll = (int) Math.max(1, perSecond * pollMillis / 1000);
    }

    /** Plans the reminders that are due. One instance does it at a time. */
    @Scheduled(fixedDelayString = POLL_INTERVAL_MILLIS, timeUnit = TimeUnit.MILLISECONDS)
    void planDue() {
        if (steps.isEmpty()) {
            return;
        }
        try {
            transaction.executeWithoutResult(status -> start().ifPresent(this::planSteps));
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("Reminders wait for the database: {}", e.toString());
        }
    }

    /** From where reminders follow. */
    private record Start(long number, Instant since, Instant now) {}

    private record Followed(String petition, long after) {}

    private Optional<Start> start() {
        return database.sql("""
                        select number, greatest(since, timestamptz 'epoch') as since, now() as now from reminder_start
                        for update skip locked""")
                .query((row, number) -> new Start(
                        row.getLong("number"),
                        row.getTimestamp("since").toInstant(),
                        row.getTimestamp("now").toInstant()))
                .optional();
    }

    private void planSteps(Start start) {
        for (int step = 1; step <= steps.size(); step++) {
            plan(step, start);
        }
    }

    private void plan(int step, Start start) {
        Duration delay = steps.get(step - 1);
        Instant before = start.now().minus(delay);
        Instant tooLate = before.minus(MAX_LATENESS);
        Instant afterTime = tooLate.isAfter(start.since()) ? tooLate : start.since();
        for (Followed followed : next(step, start, before)) {
            database.sql(PLAN)
                    .param("petition", followed.petition())
                    .param("step", step)
                    .param("after", followed.after())
                    .param("limit", perPoll)
                    .param("before", Timestamp.from(before))
                    .param("after_time", Timestamp.from(afterTime))
                    .param("seconds", Long.toString(delay.toSeconds()))
                    .update();
        }
    }

    private List<Followed> next(int step, Start start, Instant before) {
        return database.sql(NEXT)
                .param("start", start.number())
                .param("step", step)
                .param("before", Timestamp.from(before))
                .param("petitions", MAX_PETITIONS)
                .query((row, number) -> new Followed(row.getString("slug"), row.getLong("after")))
                .list();
    }
}
