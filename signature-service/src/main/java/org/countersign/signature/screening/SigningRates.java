package org.countersign.signature.screening;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The levels of the limits in the table {@code signing_rate}, and the key of the day. */
@Component
class SigningRates {

    private static final String LEVEL_NOW =
            "greatest(0, %1$s.level - %1$s.rate * extract(epoch from clock_timestamp() - %1$s.at))";

    /** The time zone of a session is that of its machine. */
    private static final String TODAY = "cast(now() at time zone 'UTC' as date)";

    private final JdbcClient database;

    SigningRates(JdbcClient database) {
        this.database = database;
    }

    /**
     * A level, or what is added to it.
     *
     * @param key the keyed hash of what is limited
     * @param level the level
     * @param rate by how much it falls in a second
     * @param max the highest level
     */
    record SharedLevel(UUID key, double level, double rate, double max) {}

    /**
     * Returns the key of today. The first instance that asks makes it, and deletes those of earlier days.
     *
     * @param offered the key if there is none yet
     */
    byte[] keyOfToday(byte[] offered) {
        return stored().orElseGet(() -> {
            database.sql("insert into signing_rate_key (day, secret) values (" + TODAY + ", ?) on conflict do nothing")
                    .param(offered)
                    .update();
            database.sql("delete from signing_rate_key where day < " + TODAY).update();
            return stored().orElse(offered);
        });
    }

    private Optional<byte[]> stored() {
        return database.sql("select secret from signing_rate_key where day = " + TODAY)
                .query(byte[].class)
                .optional();
    }

    /** Adds to levels, and returns what they are then. */
    List<SharedLevel> add(List<SharedLevel> levels) {
        if (levels.isEmpty()) {
            return List.of();
        }
        // All instances lock the rows in the same order.
        return database.sql("""
                        with added as (
                            select * from unnest(cast(? as uuid[]), cast(? as float8[]), cast(? as float8[]),
                                cast(? as float8[])) as a (key, level, rate, max))
                        insert into signing_rate as s (key, level, rate, max)
                        select a.key, a.level, a.rate, a.max from added a order by a.key
                        on conflict (key) do update set
                            level = least(excluded.max, %s + excluded.level),
                            rate = excluded.rate, max = excluded.max, at = clock_timestamp()
                        returning s.key, s.level, s.rate, s.max""".formatted(LEVEL_NOW.formatted("s")))
                .params(
                        column(levels, SharedLevel::key),
                        column(levels, SharedLevel::level),
                        column(levels, SharedLevel::rate),
                        column(levels, SharedLevel::max))
                .query((row, number) -> level(row))
                .list();
    }

    private static String column(List<SharedLevel> levels, Function<SharedLevel, Object> part) {
        return SqlArrays.literal(levels.stream().map(part).toList());
    }

    private static SharedLevel level(ResultSet row) throws SQLException {
        return new SharedLevel(row.getObject(1, UUID.class), row.getDouble(2), row.getDouble(3), row.getDouble(4));
    }

    /**
     * Returns up to {@code limit} levels that an instance has changed in the last seconds, the highest first. It leaves
     * out those that have fallen to a single call.
     */
    List<SharedLevel> changed(int limit) {
        return database.sql("""
                        select s.key, %s, s.rate, s.max from signing_rate s
                        where s.at > clock_timestamp() - interval '2 seconds'
                            and (s.level > 1 or s.level > s.max / 2 - 1)
                        order by s.level desc limit ?""".formatted(LEVEL_NOW.formatted("s")))
                .param(limit)
                .query((row, number) -> level(row))
                .list();
    }

    /** Deletes the levels that have fallen to zero, and those of earlier days. */
    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT1M")
    void deleteEmpty() {
        database.sql("delete from signing_rate s where %s = 0 or s.at < clock_timestamp() - interval '1 day'"
                        .formatted(LEVEL_NOW.formatted("s")))
                .update();
    }
}
