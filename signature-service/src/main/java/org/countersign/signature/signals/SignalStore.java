package org.countersign.signature.signals;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.countersign.signature.signals.DayKeys.SignalKey;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The signals in the tables {@code signing_signal} and {@code signing_signal_key}. */
@Component
class SignalStore {

    /** The time zone of a session is that of its machine. */
    private static final String TODAY = "cast(now() at time zone 'UTC' as date)";

    private final JdbcClient database;

    SignalStore(JdbcClient database) {
        this.database = database;
    }

    /**
     * The key of a day.
     *
     * @param day the day in UTC
     * @param secret the key of its hashes
     */
    record StoredKey(LocalDate day, byte[] secret) {}

    /** Returns the keys of yesterday and today. The first instance that asks on a day makes the key. */
    List<StoredKey> keys(byte[] offered) {
        List<StoredKey> stored = recentKeys();
        LocalDate today = database.sql("select " + TODAY).query(LocalDate.class).single();
        if (stored.stream().anyMatch(key -> key.day().equals(today))) {
            return stored;
        }
        database.sql("insert into signing_signal_key (day, secret, made) select " + TODAY
                        + ", ?, millis from running_time on conflict do nothing")
                .param(offered)
                .update();
        return recentKeys();
    }

    /** Returns the keys of all days whose signals are left, the oldest first. */
    List<SignalKey> allKeys() {
        return database.sql("select day, secret from signing_signal_key order by day")
                .query((row, number) -> SignalKey.of(row.getObject(1, LocalDate.class), row.getBytes(2)))
                .list();
    }

    private List<StoredKey> recentKeys() {
        return database.sql("select day, secret from signing_signal_key where day >= " + TODAY + " - 1 order by day")
                .query((row, number) -> new StoredKey(row.getObject(1, LocalDate.class), row.getBytes(2)))
                .list();
    }

    /**
     * Writes signals.
     *
     * @param day the day of the key of their hashes
     */
    void add(LocalDate day, List<SigningSignal> signals) {
        database.sql("""
                        insert into signing_signal (stream, at, domain, network, wider, petition, block, form,
                            shared, generated, proof, held, country, language)
                        select s.stream, least(clock_timestamp(),
                                (cast(? as date) + 1)::timestamp at time zone 'UTC' - interval '1 microsecond'),
                            s.domain, s.network, s.wider, p.id, s.block, s.form, s.shared, s.generated, s.proof, s.held,
                            s.country, s.language
                        from unnest(cast(? as uuid[]), cast(? as text[]), cast(? as bigint[]), cast(? as bigint[]),
                                cast(? as bigint[]), cast(? as smallint[]), cast(? as smallint[]),
                                cast(? as boolean[]),
                                cast(? as boolean[]), cast(? as boolean[]), cast(? as boolean[]),
                                cast(? as smallint[]), cast(? as smallint[]))
                            as s (stream, petition, domain, network, wider, block, form, shared, generated, proof, held,
                                country, language)
                        join petition_name p on p.slug = s.petition""")
                .param(day)
                .params(column(signals, SigningSignal::stream), column(signals, SigningSignal::petition))
                .params(column(signals, SigningSignal::domain), column(signals, SigningSignal::network))
                .params(column(signals, SigningSignal::wider), column(signals, SigningSignal::block))
                .param(column(signals, SigningSignal::form))
                .params(column(signals, SigningSignal::shared), column(signals, SigningSignal::generated))
                .params(column(signals, SigningSignal::proof), column(signals, SigningSignal::held))
                .params(column(signals, SigningSignal::country), column(signals, SigningSignal::language))
                .update();
    }

    private static String column(List<SigningSignal> signals, Function<SigningSignal, Object> part) {
        return SqlArrays.literal(signals.stream().map(part).toList());
    }

    /**
     * Sign calls in the order of time.
     *
     * @param calls the calls by the slug of their petition
     * @param last the time after which the next ones follow
     * @param now the time by the database's clock
     * @param isFull whether there may be more
     */
    record CallsRead(Map<String, List<SeenCall>> calls, Instant last, Instant now, boolean isFull) {}

    /**
     * Returns the time from which the calls of a window are read, later than its begin if there are too many.
     *
     * @param most the maximum number of calls
     */
    Instant startOf(Duration window, int most) {
        return database.sql("""
                        select greatest(now() - :millis * interval '1 millisecond', (
                            select at from signing_signal where at > now() - :millis * interval '1 millisecond'
                            order by at desc offset :most limit 1))""")
                .param("millis", window.toMillis())
                .param("most", most)
                .query((row, number) -> row.getTimestamp(1).toInstant())
                .single();
    }

    /** Returns up to {@code limit} calls after a time, and leaves those to the next time that are being written. */
    CallsRead after(Instant time, int limit) {
        Instant now = database.sql("select now()")
                .query((row, number) -> row.getTimestamp(1).toInstant())
                .single();
        Map<String, List<SeenCall>> calls = new HashMap<>();
        List<Instant> times = database.sql("""
                        select s.at, p.slug, s.domain, s.wider, s.block, s.form, s.shared, s.generated, s.held,
                            s.country, s.language
                        from signing_signal s join petition_name p on p.id = s.petition
                        where s.at > cast(? as timestamptz) and s.at <= cast(? as timestamptz) - interval '0.5 seconds'
                        order by s.at limit ?""")
                .params(text(time), text(now), limit)
                .query((row, number) -> {
                    SeenCall call = call(row);
                    calls.computeIfAbsent(row.getString("slug"), unknown -> new ArrayList<>())
                            .add(call);
                    return call.at();
                })
                .list();
        Instant last = times.isEmpty() ? time : times.get(times.size() - 1);
        return new CallsRead(calls, last, now, times.size() == limit);
    }

    private static SeenCall call(ResultSet row) throws SQLException {
        return new SeenCall(
                row.getTimestamp("at").toInstant(),
                row.getLong("domain"),
                row.getLong("wider"),
                row.getInt("block"),
                row.getInt("form"),
                row.getBoolean("shared"),
                row.getBoolean("generated"),
                row.getBoolean("held"),
                LetterCode.text(row.getShort("country")),
                LetterCode.text(row.getShort("language")));
    }

    private static String text(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toString();
    }

    /** Deletes the signals of signers. */
    void forget(Collection<?> streams) {
        database.sql("select forget_signals(cast(? as uuid[]))")
                .param(SqlArrays.literal(streams))
                .query((row, number) -> 1)
                .list();
    }

    /** Prepares the days around today, and drops those that began that many days ago. */
    void keep(int days) {
        database.sql("select keep_signals(?)")
                .param(days)
                .query((row, number) -> 1)
                .list();
    }
}
