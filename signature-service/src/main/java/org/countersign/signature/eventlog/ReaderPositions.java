package org.countersign.signature.eventlog;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How far those who follow the log have come. */
@Component
public class ReaderPositions {

    private final JdbcClient database;

    ReaderPositions(JdbcClient database) {
        this.database = database;
    }

    /** The index of the last event the reader has dealt with, 0 at first. */
    public long of(String reader) {
        return database.sql("select global_index from reader_position where reader = ?")
                .param(reader)
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    /**
     * Waits until a reader has come to an index.
     *
     * @return how far it has come, which is less if patience ended first
     */
    public long await(String reader, long index, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        long position = of(reader);
        try {
            while (position < index && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(200);
                position = of(reader);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return position;
    }

    /** Remembers the position, never going back. */
    public void advance(String reader, long index) {
        database.sql("""
                        insert into reader_position (reader, global_index) values (?, ?)
                        on conflict (reader) do update set global_index = greatest(reader_position.global_index, excluded.global_index)""").params(reader, index).update();
    }
}
