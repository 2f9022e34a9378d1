package org.countersign.counter.live;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Counts over time, by country, and the milestones. */
@Component
class CountHistory {

    /** How long a stretch of time is. */
    enum Width {
        MINUTE,
        HOUR,
        DAY;

        /** As it is called in the database. */
        String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How quickly a petition grows.
     *
     * @param lastMinute how many more count than a minute ago; from whole minutes, so a minute that is half over counts
     *     the half of the one before
     * @param lastHour how many more count than an hour ago
     * @param lastDay how many more count than a day ago
     * @param perHour how many more an hour count at the pace of the last quarter of an hour; of the last hour or day,
     *     if nothing happened in it
     */
    record Pace(long lastMinute, long lastHour, long lastDay, double perHour) {}

    /**
     * A stretch of time.
     *
     * @param start when it begins
     * @param signed how many signed in it
     * @param verified by how much the verified count rose in it; negative if it fell
     * @param total the verified count at its end
     */
    record Bucket(Instant start, long signed, long verified, long total) {}

    record Country(String country, long verified) {}

    record Milestone(long threshold, Instant reachedAt, long index) {}

    private final JdbcClient database;

    CountHistory(JdbcClient database) {
        this.database = database;
    }

    List<Bucket> series(String petition, Width bucket, Instant from, Instant to) {
        return database.sql("""
                        select start, signed, verified, total from (
                            select %1$s as start, signed, verified, sum(verified) over (order by %1$s) as total
                            from %1$s_count where petition = :petition) as series
                        where start >= date_trunc('%1$s', cast(:from as timestamptz), 'UTC') and start < :to order by start""".formatted(bucket.column()))
                .param("petition", petition)
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
                .query((row, number) ->
                        new Bucket(row.getTimestamp(1).toInstant(), row.getLong(2), row.getLong(3), row.getLong(4)))
                .list();
    }

    /** How quickly a petition grows at a time; looks at one day at most. */
    Pace pace(String petition, Instant now) {
        return database.sql("""
                        select coalesce(sum(verified) filter (where minute >= this), 0)
                                + coalesce(sum(verified) filter (where minute = this - interval '1 minute'), 0)
                                    * (1 - extract(epoch from at - this) / 60) as minute,
                            coalesce(sum(verified) filter (where minute > at - interval '15 minutes'), 0) as quarter,
                            coalesce(sum(verified) filter (where minute > at - interval '1 hour'), 0) as hour,
                            coalesce(sum(verified), 0) as day
                        from (select cast(:now as timestamptz) as at, date_trunc('minute', cast(:now as timestamptz)) as this) as times
                            left join minute_count on petition = :petition and minute > at - interval '1 day' and minute <= at
                        group by at, this""")
                .param("now", Timestamp.from(now))
                .param("petition", petition)
                .query((row, number) -> {
                    long quarter = row.getLong("quarter");
                    long hour = row.getLong("hour");
                    long day = row.getLong("day");
                    return new Pace(
                            Math.round(row.getDouble("minute")),
                            hour,
                            day,
                            quarter != 0 ? quarter * 4 : hour != 0 ? hour : day / 24.0);
                })
                .single();
    }

    List<Country> countries(String petition) {
        return database.sql(
                        "select country, verified from country_count where petition = ? and verified > 0 order by verified desc, country")
                .param(petition)
                .query((row, number) -> new Country(row.getString(1), row.getLong(2)))
                .list();
    }

    List<Milestone> milestones(String petition) {
        return database.sql(
                        "select threshold, reached_at, global_index from milestone where petition = ? order by threshold")
                .param(petition)
                .query((row, number) ->
                        new Milestone(row.getLong(1), row.getTimestamp(2).toInstant(), row.getLong(3)))
                .list();
    }

    /** A milestone of any petition. */
    record Reached(String petition, long threshold, Instant reachedAt, long index) {}

    /** The newest first. */
    List<Reached> newestMilestones(int limit) {
        return database.sql(
                        "select petition, threshold, reached_at, global_index from milestone order by global_index desc, petition, threshold desc limit ?")
                .param(limit)
                .query((row, number) -> new Reached(
                        row.getString(1), row.getLong(2), row.getTimestamp(3).toInstant(), row.getLong(4)))
                .list();
    }
}
