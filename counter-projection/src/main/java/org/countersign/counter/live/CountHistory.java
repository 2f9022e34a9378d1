package org.countersign.counter.live;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Counts over time, by country, and the milestones. */
@Component
class CountHistory {

    /**
     * A stretch of time.
     *
     * @param start    when it begins
     * @param signed   how many signed in it
     * @param verified by how much the verified count rose in it; negative if it fell
     * @param total    the verified count at its end
     */
    record Bucket(Instant start, long signed, long verified, long total) {
    }

    record Country(String country, long verified) {
    }

    record Milestone(long threshold, Instant reachedAt, long index) {
    }

    private final JdbcClient database;

    CountHistory(JdbcClient database) {
        this.database = database;
    }

    List<Bucket> series(String petition, String unit, Instant from, Instant to) {
        return database.sql("""
                        select start, signed, verified, total from (
                            select start, sum(signed) as signed, sum(verified) as verified, sum(sum(verified)) over (order by start) as total
                            from (select date_trunc(:unit, minute, 'UTC') as start, signed, verified from minute_count where petition = :petition) minutes
                            group by start) series
                        where start >= date_trunc(:unit, cast(:from as timestamptz), 'UTC') and start < :to order by start""")
                .param("unit", unit).param("petition", petition).param("from", Timestamp.from(from)).param("to", Timestamp.from(to))
                .query((row, number) -> new Bucket(row.getTimestamp(1).toInstant(), row.getLong(2), row.getLong(3), row.getLong(4))).list();
    }

    List<Country> countries(String petition) {
        return database.sql("select country, verified from country_count where petition = ? and verified > 0 order by verified desc, country")
                .param(petition).query((row, number) -> new Country(row.getString(1), row.getLong(2))).list();
    }

    List<Milestone> milestones(String petition) {
        return database.sql("select threshold, reached_at, global_index from milestone where petition = ? order by threshold")
                .param(petition).query((row, number) -> new Milestone(row.getLong(1), row.getTimestamp(2).toInstant(), row.getLong(3))).list();
    }
}
