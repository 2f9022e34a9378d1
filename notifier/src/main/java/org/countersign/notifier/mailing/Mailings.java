package org.countersign.notifier.mailing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.countersign.events.SignatureVerified;
import org.countersign.notifier.milestone.NotifiedMilestone;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** The mailings: mails about one milestone to all subscribers of the petition. */
@Component
public class Mailings {

    private static final Logger LOG = LoggerFactory.getLogger(Mailings.class);
    /** Unused rate accumulates for at most this time, so that no burst follows a pause. */
    private static final Duration MAX_BURST = Duration.ofSeconds(2);
    /** While the mail server takes less than the rate, at most this much of the rate is planned ahead. */
    private static final Duration MAX_BACKLOG = Duration.ofSeconds(20);

    private static final int MIN_BACKLOG = 20;
    private static final long POLL_INTERVAL_MILLIS = 250;

    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private final int perSecond;

    /** @param perSecond the maximum number of mails per second, of all mailings together */
    Mailings(
            JdbcClient database,
            TransactionTemplate transaction,
            @Value("${countersign.mail.updates-per-second}") int perSecond) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("COUNTERSIGN_MAIL_UPDATES_PER_SECOND must be 1 or more");
        }
        this.database = database;
        this.transaction = transaction;
        this.perSecond = perSecond;
    }

    /**
     * A mailing as the API returns it.
     *
     * @param recipients the number of recipients. It does not decrease if a subscriber unsubscribes meanwhile
     * @param planned the number of deliveries that are planned or were attempted
     * @param failed the number of parked, dropped and suppressed deliveries
     * @param endedAt when the last delivery was planned
     */
    record MailingView(
            UUID id,
            String petition,
            long threshold,
            long recipients,
            long planned,
            long sent,
            long failed,
            Instant begunAt,
            @Nullable Instant endedAt) {}

    /**
     * Begins the mailing of a milestone. Repeating the call changes nothing. The caller runs the transaction that reads
     * the event.
     */
    public void begin(NotifiedMilestone milestone) {
        database.sql("""
                        insert into mailing (id, petition, threshold, reached_by, details, trace, recipients)
                        select id, petition, threshold, reached_by, details, trace,
                               (select count(*) from subscriber
                                where subscriber.petition = milestone.petition and subscriber.index <= reached_by)
                        from milestone where id = ?
                        on conflict (id) do nothing""").param(milestone.id()).update();
    }

    /**
     * Plans the mails to a new subscriber about milestones that were reached after the subscription. The topics of
     * signatures and milestones have no common order. The mailing of a stored milestone may have passed this
     * subscriber.
     *
     * @param index the index of the event that subscribed the signer
     */
    public void addSubscriber(SignatureVerified verified, long index) {
        database.sql("""
                        with missed as (
                            select * from mailing where petition = :petition and reached_by >= :index
                        ), added as (
                            insert into delivery (id, medium, kind, petition, signature, round, details, trace, mailing)
                            select delivery_id('update:' || petition || ':' || threshold || ':'
                                           || cast(:signature as text)),
                                   'mailing', 'update', petition, :signature, :round, details, trace, id
                            from missed on conflict (id) do nothing returning mailing
                        )
                        update mailing set recipients = recipients + 1, planned = planned + 1
                        where id in (select mailing from added)""")
                .param("petition", verified.petition().value())
                .param("index", index)
                .param("signature", verified.signature().value())
                .param("round", verified.round())
                .update();
    }

    /** Plans the next deliveries, as many as the rate and the backlog allow. */
    @Scheduled(fixedDelay = POLL_INTERVAL_MILLIS, timeUnit = TimeUnit.MILLISECONDS)
    void continueMailings() {
        try {
            transaction.executeWithoutResult(status -> planNext());
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("Mailings wait for the database: {}", e.toString());
        }
    }

    private void planNext() {
        Optional<UUID> next = database.sql(
                        "select id from mailing where ended_at is null and turn_at <= now() order by turn_at limit 1")
                .query(UUID.class)
                .optional();
        if (next.isEmpty()) {
            return;
        }
        Optional<Double> unused = database.sql("""
                        select extract(epoch from clock_timestamp() - used_up_to) from mailing_pace
                        for update skip locked""").query(Double.class).optional();
        int allowed = unused.map(seconds -> (int) (Math.min(seconds, MAX_BURST.toSeconds()) * perSecond))
                .orElse(0);
        if (allowed > 0) {
            int room = Math.max(MIN_BACKLOG, (int) MAX_BACKLOG.toSeconds() * perSecond) - waiting();
            if (room > 0) {
                plan(next.get(), Math.min(allowed, room));
            }
            database.sql("update mailing_pace set used_up_to = clock_timestamp()")
                    .update();
        }
    }

    private int waiting() {
        // Those that wait for the turn of their recipient do not hold up the others.
        return database.sql("""
                        select count(*) from delivery where state = 'planned' and mailing is not null
                          and next_attempt <= now() + interval '2 minutes'""").query(Integer.class).single();
    }

    private void plan(UUID mailing, int limit) {
        database.sql("""
                        with running as (
                            select * from mailing where id = :id and ended_at is null
                        ), next as (
                            select subscriber.signature, subscriber.round, running.*
                            from running join subscriber on subscriber.petition = running.petition
                            where subscriber.index <= running.reached_by
                              and subscriber.signature
                                  > coalesce(running.planned_up_to, '00000000-0000-0000-0000-000000000000')
                            order by subscriber.signature limit :limit
                        ), planned as (
                            insert into delivery (
                                id, medium, kind, petition, signature, round, details, trace, mailing, state)
                            select delivery_id('update:' || petition || ':' || threshold || ':' || signature),
                                   'mailing', 'update', petition, signature, round, details, trace, id,
                                   case when planned_before then 'parked' else 'planned' end
                            from next on conflict (id) do nothing returning 1
                        )
                        update mailing set planned = planned + (select count(*) from planned),
                            planned_up_to = coalesce(
                                (select signature from next order by signature desc limit 1), planned_up_to),
                            turn_at = clock_timestamp(),
                            ended_at = case when (select count(*) from next) < :limit then clock_timestamp() end
                        where id = :id and ended_at is null""").param("id", mailing).param("limit", limit).update();
    }

    /** Lists the newest mailings, newest first. */
    List<MailingView> list(Optional<String> petition, int limit) {
        return database.sql("""
                        select mailing.*,
                               (select count(*) from delivery
                                where delivery.mailing = mailing.id and state = 'planned') as waiting,
                               (select count(*) from delivery
                                where delivery.mailing = mailing.id and state in ('parked', 'dropped'))
                             + (select count(*) from delivery
                                where delivery.mailing = mailing.id and state = 'suppressed') as failed
                        from mailing where cast(:petition as text) is null or petition = :petition
                        order by begun_at desc limit :limit""")
                .param("petition", petition.orElse(null))
                .param("limit", limit)
                .query((row, number) -> view(row))
                .list();
    }

    private static MailingView view(ResultSet row) throws SQLException {
        long planned = row.getLong("planned");
        long failed = row.getLong("failed");
        Timestamp ended = row.getTimestamp("ended_at");
        return new MailingView(
                row.getObject("id", UUID.class),
                row.getString("petition"),
                row.getLong("threshold"),
                row.getLong("recipients"),
                planned,
                planned - row.getLong("waiting") - failed,
                failed,
                row.getTimestamp("begun_at").toInstant(),
                ended == null ? null : ended.toInstant());
    }
}
