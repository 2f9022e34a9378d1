package org.countersign.signature.eventlog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSlug;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reads the sign events of a petition range by range, by the primary key of the log. The log has no index on times.
 * Times follow the order of the log, apart from differences between clocks, so that a bisection finds a time.
 */
@Component
public class SigningRanges {

    private static final int TIMEOUT_SECONDS = 5;
    /** Forged events have no time. A bisection passes over as many of them in a row. */
    private static final int MAX_FORGED_IN_A_ROW = 20;

    static final String SIGNINGS = """
            select e.global_index, e.stream, e.sequence, e.petition, e.type, e.time, e.trace, e.data, e.mac
            from event e
            where e.global_index > ? and e.global_index <= ? and e.petition = ? and e.type = %d
            order by e.global_index limit ?""".formatted(EventType.PETITION_SIGNED.code());

    private final JdbcClient database;
    private final PetitionNumbers numbers;
    private final EventLog log;

    SigningRanges(JdbcClient database, PetitionNumbers numbers, EventLog log) {
        this.database = database;
        this.numbers = numbers;
        this.log = log;
    }

    /**
     * Returns the first sign events of a petition in a range, in order. The time of the read grows with the range.
     *
     * @param petition the petition
     * @param after the index before the range
     * @param upTo the last index of the range
     * @param limit the maximum number of events
     * @return the events, also those that are not authentic
     * @throws org.springframework.dao.DataAccessException if the database cannot be read within a few seconds
     */
    public List<StoredEvent> signings(PetitionSlug petition, long after, long upTo, int limit) {
        return database.sql(SIGNINGS)
                .withQueryTimeout(TIMEOUT_SECONDS)
                .params(after, upTo, numbers.number(petition.value()), limit)
                .query((row, number) -> log.event(row))
                .list();
    }

    /**
     * Returns an index where the times of the log pass the given time: the event at the index is earlier, and the next
     * event is not. Returns 0 if the first event is not earlier.
     */
    public long lastBefore(Instant time) {
        long low = 0;
        long high = log.head();
        while (low < high) {
            long middle = low + (high - low) / 2;
            Optional<StoredEvent> next = log.after(middle, MAX_FORGED_IN_A_ROW).stream()
                    .filter(StoredEvent::authentic)
                    .findFirst();
            if (next.isPresent() && next.get().at().isBefore(time)) {
                low = next.get().index();
            } else {
                high = middle;
            }
        }
        return low;
    }
}
