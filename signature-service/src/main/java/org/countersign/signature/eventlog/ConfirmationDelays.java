package org.countersign.signature.eventlog;

import java.time.Duration;
import java.util.List;
import org.countersign.events.EventType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds out how soon after the sign call signatures were confirmed. */
@Component
public class ConfirmationDelays {

    private final JdbcClient database;

    ConfirmationDelays(JdbcClient database) {
        this.database = database;
    }

    /**
     * The confirmations of a petition.
     *
     * @param petition the slug of the petition
     * @param all their number
     * @param fast the number of those that followed their sign call within a time
     */
    public record Confirmed(String petition, int all, int fast) {}

    /**
     * Counts the confirmations among the events of these indexes.
     *
     * @param after the index before the first event
     * @param last the index of the last event
     * @param fast the time within which a confirmation counts as fast
     */
    public List<Confirmed> between(long after, long last, Duration fast) {
        return database.sql("""
                        select p.slug, count(*), count(*) filter (
                            where e.time - s.time <= ? * interval '1 millisecond')
                        from event e
                        join petition_name p on p.id = e.petition
                        join stream_event x on x.stream = e.stream and x.sequence = e.sequence - 1
                        join event s on s.global_index = x.global_index
                        where e.global_index > ? and e.global_index <= ? and e.type = ?
                        group by p.slug""")
                .params(fast.toMillis(), after, last, EventType.SIGNATURE_VERIFIED.code())
                .query((row, number) -> new Confirmed(row.getString(1), row.getInt(2), row.getInt(3)))
                .list();
    }
}
