package org.countersign.signature.eventlog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.signature.domain.signature.HeldByRule;
import org.countersign.signature.domain.signature.HeldWindow;
import org.countersign.support.sql.SqlArrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The sign calls that a rule holds. {@code append_or_hold_events} stores them, and {@code release_held} hands them to
 * the {@link RepeatedSignings}.
 */
@Component
public class HeldSignings {

    private static final Logger LOG = LoggerFactory.getLogger(HeldSignings.class);
    /** A statement that moves more rows would keep their locks for too long. */
    private static final int MAX_MOVED = 20_000;

    private static final int MAX_SETTLED = 2_000;

    private static final String EVER = "infinity";

    private static final String FORGET = """
            with held as (delete from held_signing where stream = :stream returning petition),
                waiting as (
                    delete from repeated_signing where stream = :stream and released returning petition),
                forgotten as materialized (select forget_signals(array[cast(:stream as uuid)]))
            select petition from held cross join forgotten union select petition from waiting""";

    /** The signals go in the transaction that deletes the call. */
    private static final String FORGOTTEN = """
            with gone as (delete from held_signing h where %s returning h.stream),
                streams as (select count(*) as calls, coalesce(array_agg(g.stream), '{}') as ids from gone g)
            select case when forget_signals(s.ids) is null then 0 else s.calls end from streams s""";

    private final JdbcClient database;
    private final PetitionNumbers numbers;
    private final EventMac macs;

    HeldSignings(JdbcClient database, PetitionNumbers numbers, EventMac macs) {
        this.database = database;
        this.numbers = numbers;
        this.macs = macs;
    }

    /**
     * A held sign call.
     *
     * @param id its id
     * @param rule the rule that holds it
     * @param signed what it would have recorded as the first signing of its address
     * @param secret the secret of the sealed data
     */
    public record HeldSigning(UUID id, String rule, PetitionSigned signed, byte[] secret) {

        /** Hides the secret. */
        @Override
        public String toString() {
            return "HeldSigning[" + id + "]";
        }
    }

    /** Returns the numbers of held calls by rule, the largest first. */
    public List<HeldByRule> byRule(PetitionSlug petition, HeldWindow window) {
        return database.sql("""
                        select rule, count(*), min(time), max(time) from held_signing
                        where petition = ? and time >= cast(? as timestamptz) and time < cast(? as timestamptz)
                            and rule = coalesce(?, rule)
                        group by rule order by count(*) desc, rule""")
                .params(number(petition), begin(window), end(window))
                .param(window.rule().orElse(null))
                .query((row, number) -> new HeldByRule(
                        row.getString(1),
                        row.getLong(2),
                        row.getTimestamp(3).toInstant(),
                        row.getTimestamp(4).toInstant()))
                .list();
    }

    /** Returns up to {@code limit} held calls, the newest first. A call without a valid MAC is forged and left out. */
    public List<HeldSigning> newest(PetitionSlug petition, HeldWindow window, int limit) {
        return database
                .sql("""
                        select id, stream, petition, time, data, secret, mac, rule from held_signing
                        where petition = ? and time >= cast(? as timestamptz) and time < cast(? as timestamptz)
                            and rule = coalesce(?, rule)
                        order by time desc, id limit ?""")
                .params(number(petition), begin(window), end(window))
                .param(window.rule().orElse(null))
                .param(limit)
                .query((row, number) -> read(row, petition))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<HeldSigning> read(ResultSet row, PetitionSlug petition) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        UUID stream = row.getObject("stream", UUID.class);
        Instant at = row.getTimestamp("time").toInstant();
        byte[] data = row.getBytes("data");
        EventType type = EventType.PETITION_SIGNED;
        if (!macs.isValid(row.getBytes("mac"), stream, 0, petition.value(), type.code(), at, data)) {
            LOG.error("The held sign call {} has no valid MAC", id);
            return Optional.empty();
        }
        return Optional.of(new HeldSigning(
                id,
                row.getString("rule"),
                (PetitionSigned) EventJson.read(type, petition, Optional.of(new SignatureId(stream)), at, data),
                row.getBytes("secret")));
    }

    /**
     * Releases the calls of these ids, and returns their number. Ids of other petitions and unknown ones do nothing.
     */
    public long release(PetitionSlug petition, List<UUID> ids) {
        return database.sql("select release_held(?, cast(? as uuid[]), null, null, null, ?)")
                .params(number(petition), SqlArrays.literal(ids), MAX_MOVED)
                .query(Long.class)
                .single();
    }

    /**
     * Judges the calls that a rule has held provisionally for some time. Those that look like an attack by now stay
     * held by the rule of its anomaly, and the others are released.
     *
     * @param rule {@link HeldByRule#PROOF_OF_WORK} or {@link HeldByRule#WATCH_DOMAIN}
     * @param heldFor for how long they were held
     */
    public void settle(String rule, Duration heldFor) {
        long settled;
        do {
            settled = database.sql("select settle_held(?, ?, ?)")
                    .params(rule, heldFor.toMillis(), MAX_SETTLED)
                    .query(Long.class)
                    .single();
        } while (settled == MAX_SETTLED);
    }

    /** Releases the calls of a rule and a window of time, and returns their number. */
    public long release(PetitionSlug petition, String rule, HeldWindow window) {
        long all = 0;
        long moved;
        do {
            moved = database.sql("select release_held(?, null, ?, cast(? as timestamptz), cast(? as timestamptz), ?)")
                    .params(number(petition), rule, begin(window), end(window), MAX_MOVED)
                    .query(Long.class)
                    .single();
            all += moved;
        } while (moved == MAX_MOVED);
        return all;
    }

    /** Deletes the calls of these ids with their secrets and signals, and returns their number. */
    public long dismiss(PetitionSlug petition, List<UUID> ids) {
        return database.sql(FORGOTTEN.formatted("h.petition = ? and h.id = any (cast(? as uuid[]))"))
                .params(number(petition), SqlArrays.literal(ids))
                .query(Long.class)
                .single();
    }

    /** Deletes the calls of a rule and a window of time with their secrets and signals, and returns their number. */
    public long dismiss(PetitionSlug petition, String rule, HeldWindow window) {
        return database.sql(FORGOTTEN.formatted("""
                        h.petition = ? and h.rule = ?
                            and h.time >= cast(? as timestamptz) and h.time < cast(? as timestamptz)"""))
                .params(number(petition), rule, begin(window), end(window))
                .query(Long.class)
                .single();
    }

    /**
     * Deletes the held calls of a signer with their secrets and signals, and those that were released and wait for the
     * processor.
     *
     * @return the petition, if there were any
     */
    public Optional<PetitionSlug> forget(SignatureId signature) {
        return database.sql(FORGET).param("stream", signature.value()).query(Integer.class).list().stream()
                .findFirst()
                .flatMap(numbers::find);
    }

    /**
     * Deletes the calls that were held for longer than a time with their secrets and signals, and returns their number.
     * The time is measured in running time of the service.
     */
    public long expire(Duration age) {
        return database.sql(FORGOTTEN.formatted("h.held_at <= (select millis from running_time) - ?"))
                .param(age.toMillis())
                .query(Long.class)
                .single();
    }

    /** Returns the number of held calls that wait for an organiser. Those that are watched end by themselves. */
    public long count() {
        return database.sql("select count(*) from held_signing where rule <> 'watch-domain'")
                .query(Long.class)
                .single();
    }

    private static String begin(HeldWindow window) {
        return window.from().map(HeldSignings::text).orElse("-" + EVER);
    }

    private static String end(HeldWindow window) {
        return window.to().map(HeldSignings::text).orElse(EVER);
    }

    private static String text(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toString();
    }

    private int number(PetitionSlug petition) {
        return numbers.number(petition.value());
    }
}
