package org.countersign.signature.eventlog;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSigned;
import org.countersign.events.SignatureId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The stored sign calls of addresses that have signed before. {@code append_events} stores and settles them. */
@Component
public class RepeatedSignings {

    private final JdbcClient database;
    private final PetitionNumbers numbers;

    RepeatedSignings(JdbcClient database, PetitionNumbers numbers) {
        this.database = database;
        this.numbers = numbers;
    }

    /**
     * A stored sign call.
     *
     * @param number its number
     * @param signed what it would have recorded as the first signing of its address
     * @param secret the secret of the sealed data
     * @param trace the trace of the request
     */
    public record RepeatedSigning(long number, PetitionSigned signed, byte[] secret, Optional<UUID> trace) {

        /** Returns the signature. */
        public SignatureId signature() {
            return signed.signature();
        }
    }

    /** Returns the calls that are due, the oldest first. */
    public List<RepeatedSigning> due(int limit) {
        return database.sql("""
                        select id, stream, petition, time, trace, data, secret from repeated_signing
                        where due <= now() order by id limit ?""")
                .param(limit)
                .query((row, number) -> new RepeatedSigning(
                        row.getLong("id"),
                        (PetitionSigned) EventJson.read(
                                EventType.PETITION_SIGNED,
                                numbers.slug(row.getInt("petition")),
                                Optional.of(new SignatureId(row.getObject("stream", UUID.class))),
                                row.getTimestamp("time").toInstant(),
                                row.getBytes("data")),
                        row.getBytes("secret"),
                        Optional.ofNullable(row.getObject("trace", UUID.class))))
                .list();
    }

    /** Lets only the newest call of a signature wait, because its form counts. */
    public void postpone(SignatureId signature, Duration pause) {
        database.sql("""
                        with newest as (select max(id) as id from repeated_signing where stream = :stream),
                            dropped as (
                                delete from repeated_signing r using newest n where r.stream = :stream and r.id < n.id)
                        update repeated_signing r set due = now() + cast(:millis as bigint) * interval '1 millisecond'
                        from newest n where r.id = n.id""")
                .param("stream", signature.value())
                .param("millis", pause.toMillis())
                .update();
    }

    /** Lets all calls of a signature wait, for example after a failure. */
    public void retryLater(SignatureId signature, Duration pause) {
        database.sql("""
                        update repeated_signing set due = now() + cast(? as bigint) * interval '1 millisecond'
                        where stream = ?""").params(pause.toMillis(), signature.value()).update();
    }
}
