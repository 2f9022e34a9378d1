package org.countersign.signature.signals;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.signals.Anomaly.Kind;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The attacks in the tables {@code signing_attack} and {@code signing_anomaly}. */
@Component
class AttackStore {

    /** An attack with more anomalies is held by those that came first. */
    private static final int MAX_ANOMALIES = 5_000;

    private static final String SEEN = """
            update signing_attack a set seen = now() from petition_name p
            where p.slug = ? and a.petition = p.id and a.until is null""";

    private static final String BEGIN = """
            insert into signing_attack (petition, since, seen)
            select id, now(), now() from petition_name where slug = ? on conflict do nothing""";

    private static final String END = """
            update signing_attack set until = now()
            where until is null and seen < now() - ? * interval '1 millisecond'""";

    private final JdbcClient database;

    AttackStore(JdbcClient database) {
        this.database = database;
    }

    /**
     * An anomaly of an attack that lasts.
     *
     * @param petition the slug of the petition
     */
    record CurrentAnomaly(String petition, Anomaly anomaly) {}

    /**
     * Notes the anomalies of a petition, and that it is under attack.
     *
     * @param anomalies at least one
     * @return whether the attack is new
     */
    @Transactional
    public boolean note(String petition, List<Anomaly> anomalies) {
        boolean known = database.sql(SEEN).param(petition).update() > 0;
        if (!known) {
            database.sql(BEGIN).param(petition).update();
        }
        List<Anomaly> noted = anomalies.stream().limit(MAX_ANOMALIES).toList();
        database.sql("""
                        insert into signing_anomaly as s (petition, since, kind, day, key, share, calls, held, seen)
                        select a.petition, a.since, n.kind, n.day, n.key, n.share, n.calls, n.held, now()
                        from signing_attack a
                        join petition_name p on p.id = a.petition and p.slug = ?
                        cross join unnest(cast(? as text[]), cast(? as date[]), cast(? as bigint[]),
                            cast(? as float8[]), cast(? as integer[]), cast(? as integer[]))
                            as n (kind, day, key, share, calls, held)
                        where a.until is null
                        on conflict (petition, since, kind, day, key) do update set
                            share = excluded.share, calls = greatest(s.calls, excluded.calls),
                            held = greatest(s.held, excluded.held), seen = excluded.seen""")
                .param(petition)
                .param(SqlArrays.literal(
                        noted.stream().map(anomaly -> anomaly.kind().text()).toList()))
                .param(SqlArrays.literal(noted.stream().map(Anomaly::day).toList()))
                .param(SqlArrays.literal(noted.stream().map(Anomaly::key).toList()))
                .param(SqlArrays.literal(noted.stream().map(Anomaly::share).toList()))
                .param(SqlArrays.literal(noted.stream().map(Anomaly::calls).toList()))
                .param(SqlArrays.literal(noted.stream().map(Anomaly::held).toList()))
                .update();
        return !known;
    }

    /** Returns the slugs of petitions whose attack lasts and was not reported to the organiser. */
    List<String> unreported() {
        return database.sql("""
                        select p.slug from signing_attack a join petition_name p on p.id = a.petition
                        where a.until is null and not a.reported""").query(String.class).list();
    }

    /** Notes that the attack on a petition was reported. */
    void markReported(String petition) {
        database.sql("""
                        update signing_attack a set reported = true from petition_name p
                        where p.slug = ? and a.petition = p.id and a.until is null""").param(petition).update();
    }

    /** Ends the attacks without an anomaly for that long. */
    void endQuiet(Duration quiet) {
        database.sql(END).param(quiet.toMillis()).update();
    }

    /** Returns the slugs of the petitions under attack. */
    List<String> petitions() {
        return database.sql("""
                        select p.slug from signing_attack a join petition_name p on p.id = a.petition
                        where a.until is null""").query(String.class).list();
    }

    /** Returns the anomalies of all attacks that last. */
    List<CurrentAnomaly> current() {
        return database.sql("""
                        select p.slug, n.kind, n.day, n.key, n.share, n.calls, n.held
                        from signing_attack a
                        join petition_name p on p.id = a.petition
                        join signing_anomaly n on n.petition = a.petition and n.since = a.since
                        where a.until is null""")
                .query((row, number) -> new CurrentAnomaly(row.getString("slug"), anomaly(row)))
                .list();
    }

    /** Returns when the attack on a petition began, or empty if it is not under attack. */
    Optional<Instant> since(PetitionSlug petition) {
        return database.sql("""
                        select a.since from signing_attack a join petition_name p on p.id = a.petition
                        where p.slug = ? and a.until is null""")
                .param(petition.value())
                .query((row, number) -> row.getTimestamp(1).toInstant())
                .optional();
    }

    /** Returns the anomalies of the attack on a petition, the largest first. */
    List<Anomaly> anomalies(PetitionSlug petition, int limit) {
        return database.sql("""
                        select n.kind, n.day, n.key, n.share, n.calls, n.held
                        from signing_attack a
                        join petition_name p on p.id = a.petition
                        join signing_anomaly n on n.petition = a.petition and n.since = a.since
                        where p.slug = ? and a.until is null order by n.calls desc, n.kind, n.key limit ?""")
                .params(petition.value(), limit)
                .query((row, number) -> anomaly(row))
                .list();
    }

    /**
     * An attack that is not forgotten yet.
     *
     * @param since when it was found
     * @param until when it ended; empty if it lasts
     */
    record StoredAttack(Instant since, Optional<Instant> until) {}

    /** Returns the attacks on a petition, the newest first. */
    List<StoredAttack> all(PetitionSlug petition, int limit) {
        return database.sql("""
                        select a.since, a.until from signing_attack a join petition_name p on p.id = a.petition
                        where p.slug = ? order by a.since desc limit ?""")
                .params(petition.value(), limit)
                .query((row, number) -> new StoredAttack(
                        row.getTimestamp(1).toInstant(),
                        Optional.ofNullable(row.getTimestamp(2)).map(Timestamp::toInstant)))
                .list();
    }

    /** Returns the anomalies of the attack on a petition that was found at a time, the largest first. */
    List<Anomaly> anomalies(PetitionSlug petition, Instant since) {
        return database.sql("""
                        select n.kind, n.day, n.key, n.share, n.calls, n.held
                        from signing_anomaly n join petition_name p on p.id = n.petition
                        where p.slug = ? and n.since = cast(? as timestamptz) order by n.calls desc, n.kind, n.key""")
                .params(petition.value(), since.atOffset(ZoneOffset.UTC).toString())
                .query((row, number) -> anomaly(row))
                .list();
    }

    private static Anomaly anomaly(ResultSet row) throws SQLException {
        return new Anomaly(
                Kind.of(row.getString("kind")),
                row.getObject("day", LocalDate.class),
                row.getLong("key"),
                row.getDouble("share"),
                row.getInt("calls"),
                row.getInt("held"));
    }
}
