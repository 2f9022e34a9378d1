package org.countersign.signature.eventlog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSlug;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/** Reads the log in its order. Since the log has no gaps, the event after index n is always n + 1. */
public class EventLog {

    private static final int TAIL = 20_000;
    // Literals and not parameters: PostgreSQL uses a partial index only where it can prove its condition.
    private static final String IS_PETITION_EVENT = "e.type < " + EventType.FIRST_SIGNATURE_CODE;
    private static final String IS_ALERT_EVENT =
            "e.type in (" + EventType.ALERT_REQUESTED.code() + ", " + EventType.ALERT_STOPPED.code() + ")";
    private static final String IS_CONFIRMATION = "e.type = " + EventType.SIGNATURE_VERIFIED.code();
    private static final String COLUMNS =
            "select e.global_index, e.stream, e.sequence, e.petition, e.type, e.time, e.trace, e.data from event e ";

    private final JdbcClient database;
    private final PetitionNumbers names;
    private final RecentEvents tail = new RecentEvents(TAIL);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    EventLog(JdbcClient database, PetitionNumbers names) {
        this.database = database;
        this.names = names;
    }

    /** An event with the secret its sealed data is encrypted with. */
    public record WithSecret(StoredEvent event, byte[] secret) {}

    /** The index of the newest event, 0 if there is none. */
    public long head() {
        return database.sql("select last_index from log_head").query(Long.class).single();
    }

    /**
     * The same as {@link #after}, for who follows the head of the log: from memory as long as they keep up, else from
     * the table.
     */
    public List<StoredEvent> follow(long index, int limit) {
        List<StoredEvent> recent = tail.after(index, limit);
        return recent.isEmpty() ? after(index, limit) : recent;
    }

    /** Up to {@code limit} events after the given index, in order. */
    public List<StoredEvent> after(long index, int limit) {
        // A row beyond the head was put there by nobody who appends: it goes no further.
        return database.sql(
                        COLUMNS
                                + "where e.global_index > ? and e.global_index <= (select last_index from log_head) order by e.global_index limit ?")
                .params(index, limit)
                .query(rows())
                .list();
    }

    /** Up to {@code limit} petition events after the given index, in order. */
    public List<StoredEvent> petitionEventsAfter(long index, int limit) {
        return database.sql(COLUMNS + "where e.global_index > ? and " + IS_PETITION_EVENT
                        + " order by e.global_index limit ?")
                .params(index, limit)
                .query(rows())
                .list();
    }

    /** The events of a petition's alerts, in order. */
    public List<StoredEvent> alertEvents(PetitionSlug petition) {
        return database.sql(COLUMNS + "where e.petition = ? and " + IS_PETITION_EVENT + " and " + IS_ALERT_EVENT
                        + " order by e.global_index")
                .param(names.number(petition.value()))
                .query(rows())
                .list();
    }

    /** One stream's events from a place on, in order. */
    public List<StoredEvent> stream(UUID stream, int fromSequence) {
        return database.sql(COLUMNS + """
                        join stream_event s on s.global_index = e.global_index
                        where s.stream = ? and s.sequence >= ? order by s.sequence""")
                .params(stream, fromSequence)
                .query(rows())
                .list();
    }

    /** All events of these streams, in log order. */
    public List<StoredEvent> streams(Collection<UUID> streams) {
        return database.sql(COLUMNS + """
                        join stream_event s on s.global_index = e.global_index
                        where s.stream = any (cast(? as uuid[])) order by e.global_index""")
                .param(SqlArrays.literal(streams))
                .query(rows())
                .list();
    }

    /** The events of these streams that hold sealed data which can still be opened, in log order. */
    public List<WithSecret> sealedEvents(Collection<UUID> streams) {
        return database.sql("""
                        select e.global_index, e.stream, e.sequence, e.petition, e.type, e.time, e.trace, e.data, s.secret
                        from stream_event s join event e on e.global_index = s.global_index
                        where s.stream = any (cast(? as uuid[])) and s.secret is not null order by e.global_index""")
                .param(SqlArrays.literal(streams))
                .query((row, number) -> new WithSecret(event(row), row.getBytes("secret")))
                .list();
    }

    /** Up to {@code limit} of a petition's signatures whose sealed data can still be opened. Reads all of the log. */
    public List<UUID> withSecrets(PetitionSlug petition, int limit) {
        return database.sql("""
                        select distinct s.stream from event e join stream_event s on s.stream = e.stream and s.sequence = e.sequence
                        where e.petition = ? and e.type >= %d and s.secret is not null limit ?""".formatted(EventType.FIRST_SIGNATURE_CODE))
                .params(names.number(petition.value()), limit)
                .query(UUID.class)
                .list();
    }

    /** Those of the streams whose newest event has one of the given types. */
    public List<UUID> endingWith(Collection<EventType> types, Collection<UUID> streams) {
        return database.sql("""
                        select latest.stream from (
                            select distinct on (s.stream) s.stream, s.global_index from stream_event s
                            where s.stream = any (cast(? as uuid[])) order by s.stream, s.sequence desc) latest
                        join event e on e.global_index = latest.global_index where e.type = any (cast(? as int[]))""")
                .params(
                        SqlArrays.literal(streams),
                        SqlArrays.literal(types.stream().map(EventType::code).toList()))
                .query(UUID.class)
                .list();
    }

    /** Up to {@code limit} events of a petition and its signatures after the given index, in order. */
    public List<StoredEvent> ofPetitionAfter(PetitionSlug petition, long index, int limit) {
        return database.sql(COLUMNS + "where e.global_index > ? and e.petition = ? order by e.global_index limit ?")
                .params(index, names.number(petition.value()), limit)
                .query(rows())
                .list();
    }

    /** Up to {@code limit} confirmations of a petition's signatures, the oldest first. */
    public List<StoredEvent> firstConfirmations(PetitionSlug petition, int limit) {
        return database.sql(
                        COLUMNS + "where e.petition = ? and " + IS_CONFIRMATION + " order by e.global_index limit ?")
                .params(names.number(petition.value()), limit)
                .query(rows())
                .list();
    }

    /** Up to {@code limit} confirmations of a petition's signatures, the newest first. */
    public List<StoredEvent> latestConfirmations(PetitionSlug petition, int limit) {
        return database.sql(COLUMNS + "where e.petition = ? and " + IS_CONFIRMATION
                        + " order by e.global_index desc limit ?")
                .params(names.number(petition.value()), limit)
                .query(rows())
                .list();
    }

    /**
     * The indexes of events that the head of the log has not come to: there are none in a log that nobody has tampered
     * with.
     */
    public List<Long> beyondHead() {
        return database.sql(
                        "select e.global_index from event e join log_head h on e.global_index > h.last_index or e.global_index < 1 order by 1")
                .query(Long.class)
                .list();
    }

    /**
     * The indexes, up to the given one, of events that are not where their stream's places say, and of places without
     * their event.
     */
    public List<Long> misplaced(long upTo) {
        return database.sql("""
                        select coalesce(e.global_index, s.global_index) from event e full join stream_event s on s.global_index = e.global_index
                        where (e.stream is distinct from s.stream or e.sequence is distinct from s.sequence)
                            and coalesce(e.global_index, s.global_index) <= ? order by 1""").param(upTo).query(Long.class).list();
    }

    /** Asks to be told after each commit of this instance; what other instances append is found by reading on. */
    public void onAppended(Runnable listener) {
        listeners.add(listener);
    }

    void appended(List<StoredEvent> events) {
        tail.add(events);
        listeners.forEach(Runnable::run);
    }

    // A partition is made long before the first event falls into it.
    @Scheduled(fixedDelay = 10, timeUnit = java.util.concurrent.TimeUnit.MINUTES)
    void ensurePartitions() {
        database.sql("select ensure_partitions((select last_index from log_head))")
                .query((row, number) -> 0)
                .list();
    }

    private RowMapper<StoredEvent> rows() {
        return (row, number) -> event(row);
    }

    private StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getLong(1),
                row.getObject(2, UUID.class),
                row.getInt(3),
                names.slug(row.getInt(4)),
                EventType.ofCode(row.getInt(5)),
                row.getObject(6, OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject(7, UUID.class)),
                row.getBytes(8));
    }
}
