package org.countersign.counter.live;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads counts over time and by country, and milestones. */
@Component
class CountHistory {

    /** The width of a bucket. */
    enum BucketWidth {
        MINUTE,
        HOUR,
        DAY;

        /** Returns the name in the database. */
        String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The growth rate of a petition.
     *
     * @param lastMinute the growth in the last minute, interpolated from whole minutes
     * @param lastHour the growth in the last hour
     * @param lastDay the growth in the last day
     * @param perHour the hourly rate of the last 15 minutes; without growth that of the last hour, then of the last day
     */
    record Pace(long lastMinute, long lastHour, long lastDay, double perHour) {}

    /**
     * The public counts of one minute, hour or day.
     *
     * @param start when it starts
     * @param verified the change of the verified count, never 0
     * @param total the verified count at its end
     */
    record Bucket(Instant start, long verified, long total) {}

    /**
     * The counts of one minute, hour or day for organisers and auditors.
     *
     * @param start when it starts
     * @param signed the number of sign events
     * @param verified the change of the verified count
     * @param total the verified count at its end
     */
    record FunnelBucket(Instant start, long signed, long verified, long total) {}

    /**
     * The signatures of a petition by status, for organisers and auditors.
     *
     * @param asOfIndex the index of the petition's last counted event in the event log, 0 while it is not counted
     */
    record Funnel(
            String petition,
            long pending,
            long verified,
            long withdrawn,
            long expired,
            long invalidated,
            long asOfIndex) {}

    record VerifiedByCountry(String country, long verified) {}

    record ReachedMilestone(long threshold, Instant reachedAt, long index) {}

    private final JdbcClient database;

    CountHistory(JdbcClient database) {
        this.database = database;
    }

    /** Returns the buckets in which the verified count has changed. Others would tell when somebody has signed. */
    List<Bucket> series(String petition, BucketWidth bucket, Instant from, Instant to) {
        return funnelSeries(petition, bucket, from, to).stream()
                .filter(one -> one.verified() != 0)
                .map(one -> new Bucket(one.start(), one.verified(), one.total()))
                .toList();
    }

    List<FunnelBucket> funnelSeries(String petition, BucketWidth bucket, Instant from, Instant to) {
        return database.sql("""
                        select start, signed, verified, total from (
                            select %1$s as start, signed, verified, sum(verified) over (order by %1$s) as total
                            from %1$s_count where petition = :petition) as series
                        where start >= date_trunc('%1$s', cast(:from as timestamptz), 'UTC') and start < :to
                            order by start""".formatted(bucket.column()))
                .param("petition", petition)
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
                .query((row, number) -> new FunnelBucket(
                        row.getTimestamp(1).toInstant(), row.getLong(2), row.getLong(3), row.getLong(4)))
                .list();
    }

    Funnel funnel(String petition) {
        return database.sql("""
                        select pending, verified, withdrawn, expired, invalidated, as_of_index
                        from petition_count where petition = ?""")
                .param(petition)
                .query((row, number) -> new Funnel(
                        petition,
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6)))
                .optional()
                .orElseGet(() -> new Funnel(petition, 0, 0, 0, 0, 0, 0));
    }

    /** Returns the growth rate at a time. Reads at most one day. */
    Pace pace(String petition, Instant now) {
        return database.sql("""
                        select coalesce(sum(verified) filter (where minute >= this), 0)
                                + coalesce(sum(verified) filter (where minute = this - interval '1 minute'), 0)
                                    * (1 - extract(epoch from at - this) / 60) as minute,
                            coalesce(sum(verified) filter (where minute > at - interval '15 minutes'), 0) as quarter,
                            coalesce(sum(verified) filter (where minute > at - interval '1 hour'), 0) as hour,
                            coalesce(sum(verified), 0) as day
                        from (select cast(:now as timestamptz) as at,
                            date_trunc('minute', cast(:now as timestamptz)) as this) as times
                            left join minute_count on petition = :petition and minute > at - interval '1 day'
                                and minute <= at
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

    List<VerifiedByCountry> countries(String petition) {
        return database.sql("""
                        select country, verified from country_count
                        where petition = ? and verified > 0 order by verified desc, country""")
                .param(petition)
                .query((row, number) -> new VerifiedByCountry(row.getString(1), row.getLong(2)))
                .list();
    }

    List<ReachedMilestone> milestones(String petition) {
        return database.sql("select threshold, reached_at, public_position from milestone where petition = ? "
                        + "order by threshold")
                .param(petition)
                .query((row, number) ->
                        new ReachedMilestone(row.getLong(1), row.getTimestamp(2).toInstant(), row.getLong(3)))
                .list();
    }

    /** A milestone of any petition. */
    record PetitionMilestone(String petition, long threshold, Instant reachedAt, long index) {}

    /** Returns the newest milestones first. */
    List<PetitionMilestone> newestMilestones(int limit) {
        return database.sql("select petition, threshold, reached_at, public_position from milestone order by "
                        + "public_position desc limit ?")
                .param(limit)
                .query((row, number) -> new PetitionMilestone(
                        row.getString(1), row.getLong(2), row.getTimestamp(3).toInstant(), row.getLong(4)))
                .list();
    }
}
