package org.countersign.signature.eventlog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The stored sign calls of addresses that have signed before, and those that the organiser has released. The function
 * {@code append_or_hold_events} stores and settles them.
 */
@Component
public class RepeatedSignings {

    private static final Logger LOG = LoggerFactory.getLogger(RepeatedSignings.class);

    private static final String DUE = """
            select id, stream, petition, time, trace, data, secret, mac, released from repeated_signing
            where due <= now() order by id limit ?""";

    private final JdbcClient database;
    private final PetitionNumbers numbers;
    private final EventMac macs;

    RepeatedSignings(JdbcClient database, PetitionNumbers numbers, EventMac macs) {
        this.macs = macs;
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
     * @param released whether a rule had held the call until the organiser released it
     */
    public record RepeatedSigning(
            long number, PetitionSigned signed, byte[] secret, Optional<UUID> trace, boolean released) {

        /** Returns the signature. */
        public SignatureId signature() {
            return signed.signature();
        }
    }

    /** Returns the calls that are due, the oldest first. A call without a valid MAC is forged: it is deleted. */
    public List<RepeatedSigning> due(int limit) {
        List<Optional<RepeatedSigning>> due =
                database.sql(DUE).param(limit).query((row, number) -> read(row)).list();
        return due.stream().flatMap(Optional::stream).toList();
    }

    private Optional<RepeatedSigning> read(ResultSet row) throws SQLException {
        long id = row.getLong("id");
        UUID stream = row.getObject("stream", UUID.class);
        Instant at = row.getTimestamp("time").toInstant();
        byte[] data = row.getBytes("data");
        Optional<PetitionSlug> petition = numbers.find(row.getInt("petition"));
        EventType type = EventType.PETITION_SIGNED;
        if (petition.isEmpty()
                || !macs.isValid(row.getBytes("mac"), stream, 0, petition.get().value(), type.code(), at, data)) {
            LOG.error("The repeated sign call {} of the signature {} has no valid MAC and is deleted", id, stream);
            database.sql("delete from repeated_signing where id = ?").param(id).update();
            return Optional.empty();
        }
        return Optional.of(new RepeatedSigning(
                id,
                (PetitionSigned) EventJson.read(type, petition.get(), Optional.of(new SignatureId(stream)), at, data),
                row.getBytes("secret"),
                Optional.ofNullable(row.getObject("trace", UUID.class)),
                row.getBoolean("released")));
    }

    /** Tells whether a call of a signature is stored. Its sealed data can be opened as long as it is. */
    public boolean isWaiting(SignatureId signature) {
        return database.sql("select exists (select from repeated_signing where stream = ?)")
                .param(signature.value())
                .query(Boolean.class)
                .single();
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
