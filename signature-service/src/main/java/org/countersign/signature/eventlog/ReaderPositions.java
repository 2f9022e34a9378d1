package org.countersign.signature.eventlog;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The last index that each reader of the log has processed. */
@Component
public class ReaderPositions {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
    private static final String ADVANCE = """
            insert into reader_position (reader, global_index) values (?, ?)
            on conflict (reader) do update
            set global_index = greatest(reader_position.global_index, excluded.global_index)""";

    private final JdbcClient database;

    ReaderPositions(JdbcClient database) {
        this.database = database;
    }

    /** Returns the last processed index of a reader, 0 at first. */
    public long of(String reader) {
        return database.sql("select global_index from reader_position where reader = ?")
                .param(reader)
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    /**
     * Waits until a reader has processed an index.
     *
     * @param timeout the maximum time to wait
     * @return the processed index, which is less than wanted after a timeout
     */
    public long await(String reader, long index, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        long position = of(reader);
        try {
            while (position < index && System.nanoTime() < deadline) {
                Thread.sleep(POLL_INTERVAL.toMillis());
                position = of(reader);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return position;
    }

    /** Stores the position. It never moves back. */
    public void advance(String reader, long index) {
        database.sql(ADVANCE).params(reader, index).update();
    }
}
