package org.countersign.signature.recovery;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.PublishedPosition;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The request to publish events again that Kafka has lost. The leading relay, on any instance, carries it out. */
@Component
public class Republication {

    private static final String READER = "relay again";
    private static final String REQUEST = """
            insert into reader_position (reader, global_index) values (?, ?)
            on conflict (reader) do update set global_index = excluded.global_index""";
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
    /** The relay notices a request within a few seconds. Without progress for this time, nobody leads. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final JdbcClient database;
    private final EventLog log;
    private final LogContinuity continuity;
    private final PublishedPosition published;

    Republication(JdbcClient database, EventLog log, LogContinuity continuity, PublishedPosition published) {
        this.database = database;
        this.log = log;
        this.continuity = continuity;
        this.published = published;
    }

    /** Returns the index from which somebody asked to publish again. */
    public OptionalLong requested() {
        return database.sql("select global_index from reader_position where reader = ? and global_index > 0")
                .param(READER)
                .query(Long.class)
                .optional()
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /** Ends the request. The relay has carried it out. */
    public void done() {
        database.sql("update reader_position set global_index = 0 where reader = ?")
                .param(READER)
                .update();
    }

    /**
     * Publishes again what Kafka lacks, and returns when Kafka has all events.
     *
     * @param from the index of the first event
     * @param progress receives the index that Kafka has reached, from time to time
     * @return the index of the last event
     * @throws CannotRecoverException if the event log lacks events, the index is too high, or no relay runs
     */
    public long run(long from, LongConsumer progress) {
        if (!continuity.compare()) {
            throw new CannotRecoverException("The event log lacks events. Run first: ./countersign recover");
        }
        OptionalLong missing = continuity.firstMissing();
        if (missing.isPresent() && from > missing.getAsLong()) {
            throw new CannotRecoverException("Kafka lacks events from event %d on. Run: ./countersign relay --from %d"
                    .formatted(missing.getAsLong(), missing.getAsLong()));
        }
        long head = log.head();
        if (from < 1 || from > head + 1) {
            throw new CannotRecoverException("--from must be an index of the event log, from 1 to " + head + ".");
        }
        database.sql(REQUEST).params(READER, from).update();
        await(head, progress);
        return head;
    }

    private void await(long head, LongConsumer progress) {
        long before = -1;
        long moved = System.nanoTime();
        try {
            while (requested().isPresent()) {
                long reached = published.get();
                progress.accept(Math.min(reached, head));
                if (reached != before) {
                    before = reached;
                    moved = System.nanoTime();
                }
                if (System.nanoTime() - moved > TIMEOUT.toNanos()) {
                    throw new CannotRecoverException("The relay did not answer. The request stays, see its log.");
                }
                Thread.sleep(POLL_INTERVAL.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRecoverException("Stopped. The relay continues.");
        }
    }
}
