package org.countersign.signature.eventlog;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Measures the age of events in running time of the service. A wrong clock, in this process or in an earlier one that
 * dated the events, neither makes an event old nor keeps it young. While no instance runs, no event gets older.
 */
@Component
public class LogAge {

    private static final int MARKS_PER_AGE = 1000;

    private final JdbcClient database;

    LogAge(JdbcClient database) {
        this.database = database;
    }

    /**
     * Records that the log had its current head after some more running time. Only the leader of the expiry calls it.
     *
     * @param elapsed the running time since the last call
     * @param shortestAge the shortest age that matters; it limits how often a mark is stored
     * @param longestAge older marks are dropped
     */
    @Transactional
    public void observe(Duration elapsed, Duration shortestAge, Duration longestAge) {
        long now = database.sql("update running_time set millis = millis + ? returning millis")
                .param(elapsed.toMillis())
                .query(Long.class)
                .single();
        database.sql("""
                        insert into log_age (millis, last_index)
                        select :now, last_index from log_head
                        where not exists (select from log_age where millis > :now - :interval)
                        on conflict do nothing""")
                .param("now", now)
                .param("interval", shortestAge.toMillis() / MARKS_PER_AGE)
                .update();
        long oldest = now - longestAge.toMillis();
        // The newest of the marks that are too old still tells which events are old.
        database.sql("""
                        delete from log_age where millis <
                            (select max(millis) from log_age where millis <= ?)""").param(oldest).update();
    }

    /** Returns the index of the newest event that is at least that old, 0 if there is none. */
    public long lastOlderThan(Duration age) {
        return database.sql("""
                        select coalesce(max(a.last_index), 0) from log_age a, running_time r
                        where a.millis <= r.millis - ?""").param(age.toMillis()).query(Long.class).single();
    }
}
