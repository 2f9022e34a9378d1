package org.countersign.signature.eventlog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSlug;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Reads the log in order. The log has no gaps: the event after index n has index n + 1. Every read checks the MAC of
 * each event. {@link #after}, {@link #follow}, {@link #at} and {@link #place} return events that are not authentic as
 * well. All other methods leave them out.
 */
public class EventLog {

    private static final int MAX_RECENT_EVENTS = 20_000;
    /** The latest time of a forged event, so that calculations with it do not overflow. */
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");
    // Literals, because PostgreSQL uses a partial index only if it can prove the condition of the index.
    private static final String IS_PETITION_EVENT = "e.type < " + EventType.FIRST_SIGNATURE_CODE;
    private static final String IS_SIGNATURE_EVENT = "e.type >= " + EventType.FIRST_SIGNATURE_CODE;
    private static final String IS_ALERT_EVENT =
            "e.type in (" + EventType.ALERT_REQUESTED.code() + ", " + EventType.ALERT_STOPPED.code() + ")";
    private static final String IS_CONFIRMATION = "e.type = " + EventType.SIGNATURE_VERIFIED.code();
    /**
     * Looks up the event of each place by its index. OFFSET 0 keeps PostgreSQL from joining the whole table of events,
     * which it does before the first ANALYZE, because it expects a hundred events in a stream.
     */
    private static final String FROM_PLACES = " from stream_event s cross join lateral "
            + "(select * from event found where found.global_index = s.global_index offset 0) e ";

    private static final String FIELDS =
            "select e.global_index, e.stream, e.sequence, e.petition, e.type, e.time, e.trace, e.data, e.mac";
    private static final String COLUMNS = FIELDS + " from event e ";
    static final String STREAM = FIELDS + FROM_PLACES + "where s.stream = ? and s.sequence >= ? order by s.sequence";
    /** The head is of the same snapshot as the events. A stream without events has one row without an event. */
    static final String SIGNATURES = FIELDS + """
            , e.secret, w.stream as wanted, h.last_index
            from log_head h cross join unnest(cast(? as uuid[])) w (stream)
            left join lateral (%s, s.secret %s where s.stream = w.stream offset 0) e on true
            order by w.stream, e.sequence""".formatted(FIELDS, FROM_PLACES);

    static final String STREAMS =
            FIELDS + FROM_PLACES + "where s.stream = any (cast(? as uuid[])) order by e.global_index";
    static final String SEALED = FIELDS + ", s.secret" + FROM_PLACES
            + "where s.stream = any (cast(? as uuid[])) and s.secret is not null order by e.global_index";
    static final String PETITION_EVENTS_AFTER =
            COLUMNS + "where e.global_index > ? and " + IS_PETITION_EVENT + " order by e.global_index limit ?";
    static final String PETITION_EVENT_BEFORE =
            COLUMNS + "where e.global_index < ? and " + IS_PETITION_EVENT + " order by e.global_index desc limit 1";
    // The condition on petition events lets the query use their partial index.
    static final String ALERT_EVENTS = COLUMNS + "where e.petition = ? and " + IS_PETITION_EVENT + " and "
            + IS_ALERT_EVENT + " order by e.global_index";
    static final String FIRST_CONFIRMATIONS =
            COLUMNS + "where e.petition = ? and " + IS_CONFIRMATION + " order by e.global_index limit ?";
    static final String LATEST_CONFIRMATIONS =
            COLUMNS + "where e.petition = ? and " + IS_CONFIRMATION + " order by e.global_index desc limit ?";

    private final JdbcClient database;
    private final PetitionNumbers numbers;
    private final EventMac macs;
    private final LogGate gate;
    private final RecentEvents recent = new RecentEvents(MAX_RECENT_EVENTS);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    EventLog(JdbcClient database, PetitionNumbers numbers, EventMac macs, LogGate gate) {
        this.database = database;
        this.numbers = numbers;
        this.macs = macs;
        this.gate = gate;
    }

    /** An event and the secret of its sealed data. */
    public record EventWithSecret(StoredEvent event, byte[] secret) {}

    /** Returns the index of the newest event, or 0 if the log is empty. */
    public long head() {
        return database.sql("select last_index from log_head").query(Long.class).single();
    }

    /** Like {@link #after}, for readers near the head: they read from memory while they keep up. */
    public List<StoredEvent> follow(long index, int limit) {
        List<StoredEvent> held = recent.after(index, limit);
        return held.isEmpty() ? after(index, limit) : held;
    }

    /** Returns up to {@code limit} events after the index, in order. */
    public List<StoredEvent> after(long index, int limit) {
        // No append writes rows beyond the head. Such a row is ignored.
        return database.sql(COLUMNS + """
                        where e.global_index > ? and e.global_index <= (select last_index from log_head)
                        order by e.global_index limit ?""").params(index, limit).query(rows()).list();
    }

    /** Returns the events with these indexes, in order. */
    public List<StoredEvent> at(Collection<Long> indexes) {
        return database.sql(COLUMNS + """
                        where e.global_index = any (cast(? as bigint[])) order by e.global_index""")
                .param(SqlArrays.literal(indexes))
                .query(rows())
                .list();
    }

    /** Returns up to {@code limit} petition events after the index, in order. */
    public List<StoredEvent> petitionEventsAfter(long index, int limit) {
        return page(index, limit, after -> database.sql(PETITION_EVENTS_AFTER).params(after, limit));
    }

    /** Returns a page of authentic events. Only the last page is not full. */
    private List<StoredEvent> page(long index, int limit, LongFunction<JdbcClient.StatementSpec> query) {
        List<StoredEvent> authentic = new ArrayList<>();
        long after = index;
        List<StoredEvent> read;
        do {
            read = query.apply(after).query(rows()).list();
            authentic.addAll(authentic(read));
            after = read.isEmpty() ? after : read.get(read.size() - 1).index();
        } while (read.size() == limit && authentic.size() < limit);
        return authentic.size() > limit ? authentic.subList(0, limit) : authentic;
    }

    private static List<StoredEvent> authentic(List<StoredEvent> events) {
        // Almost always, all are.
        return events.stream().allMatch(StoredEvent::authentic)
                ? events
                : events.stream().filter(StoredEvent::authentic).toList();
    }

    private List<StoredEvent> authentic(JdbcClient.StatementSpec query) {
        return authentic(query.query(rows()).list());
    }

    /** Returns the newest petition event before an index, authentic or not. */
    public Optional<StoredEvent> petitionEventBefore(long index) {
        return database.sql(PETITION_EVENT_BEFORE).param(index).query(rows()).optional();
    }

    /** Returns the events of a petition's alerts, in order. */
    public List<StoredEvent> alertEvents(PetitionSlug petition) {
        return authentic(database.sql(ALERT_EVENTS).param(numbers.number(petition.value())));
    }

    /** Returns the events of a stream from a sequence number on. */
    public List<StoredEvent> stream(UUID stream, int fromSequence) {
        return authentic(place(stream, fromSequence));
    }

    /** Returns the events of a stream from a sequence number on, with those that are not authentic. */
    List<StoredEvent> place(UUID stream, int fromSequence) {
        return database.sql(STREAM).params(stream, fromSequence).query(rows()).list();
    }

    /** Returns all events of the streams, in log order. */
    public List<StoredEvent> streams(Collection<UUID> streams) {
        return authentic(database.sql(STREAMS).param(SqlArrays.literal(streams)));
    }

    /**
     * Returns the events of the streams whose sealed data can still be opened, in log order.
     *
     * @throws org.countersign.signature.domain.LogBehindException if the log lacks events: they may be erasures
     */
    public List<EventWithSecret> sealedEvents(Collection<UUID> streams) {
        requireOpen();
        List<EventWithSecret> sealed = readSealed(streams);
        requireComplete();
        return sealed;
    }

    /** Returns the publication of a petition if its sealed data can be opened. Nothing erases it. */
    public Optional<EventWithSecret> sealedPetition(PetitionSlug petition) {
        return readSealed(List.of(StreamIds.stream(petition))).stream().findFirst();
    }

    /** Tells whether the log is complete, as far as known. */
    public boolean isOpen() {
        return gate.isOpen();
    }

    /**
     * Passes only while the log is complete.
     *
     * @throws org.countersign.signature.domain.LogBehindException if the log lacks events
     */
    public void requireOpen() {
        gate.requireOpen();
    }

    /**
     * Passes only if the log has every event that this instance knows. Called after a read whose result may be wrong in
     * a restored log: no call can be answered from it, even before the next comparison.
     *
     * @throws org.countersign.signature.domain.LogBehindException if the log lacks events
     */
    public void requireComplete() {
        // Read first, because other commands may append meanwhile.
        long known = gate.known();
        if (head() < known) {
            gate.closeAsReplaced();
        }
        gate.requireOpen();
    }

    /** Drops what this instance remembers of a log that was replaced. */
    public void forget() {
        numbers.forget();
        recent.forget();
    }

    private List<EventWithSecret> readSealed(Collection<UUID> streams) {
        return database
                .sql(SEALED)
                .param(SqlArrays.literal(streams))
                .query((row, number) -> new EventWithSecret(event(row), row.getBytes("secret")))
                .list()
                .stream()
                .filter(entry -> entry.event().authentic())
                .toList();
    }

    /**
     * Returns up to {@code limit} signatures of a petition whose sealed data can still be opened. Reads the whole log.
     */
    public List<UUID> withSecrets(PetitionSlug petition, int limit) {
        return page(
                        0,
                        limit,
                        after -> database.sql(COLUMNS + """
                        join stream_event s on s.stream = e.stream and s.sequence = e.sequence
                        where s.secret is not null and e.global_index > ? and e.petition = ? and %s
                        order by e.global_index limit ?""".formatted(IS_SIGNATURE_EVENT))
                                .params(after, numbers.number(petition.value()), limit))
                .stream()
                .map(StoredEvent::stream)
                .distinct()
                .toList();
    }

    /** Returns the streams whose newest event has one of the types. */
    public List<UUID> endingWith(Collection<EventType> types, Collection<UUID> streams) {
        Map<UUID, EventType> newest = new HashMap<>();
        streams(streams).forEach(event -> newest.put(event.stream(), event.type()));
        return newest.entrySet().stream()
                .filter(entry -> types.contains(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns up to {@code limit} events of a petition and its signatures after the index, in order. */
    public List<StoredEvent> ofPetitionAfter(PetitionSlug petition, long index, int limit) {
        return page(
                index,
                limit,
                after -> database.sql(
                                COLUMNS + "where e.global_index > ? and e.petition = ? order by e.global_index limit ?")
                        .params(after, numbers.number(petition.value()), limit));
    }

    /** Returns up to {@code limit} confirmations of a petition, the oldest first. */
    public List<StoredEvent> firstConfirmations(PetitionSlug petition, int limit) {
        return authentic(database.sql(FIRST_CONFIRMATIONS).params(numbers.number(petition.value()), limit));
    }

    /** Returns up to {@code limit} confirmations of a petition, the newest first. */
    public List<StoredEvent> latestConfirmations(PetitionSlug petition, int limit) {
        return authentic(database.sql(LATEST_CONFIRMATIONS).params(numbers.number(petition.value()), limit));
    }

    /** Returns the indexes of events beyond the head. An intact log has none. */
    public List<Long> beyondHead() {
        return database.sql("""
                        select e.global_index
                        from event e join log_head h on e.global_index > h.last_index or e.global_index < 1
                        order by 1""").query(Long.class).list();
    }

    /** Returns the indexes up to the given one where event and stream place contradict each other. */
    public List<Long> misplaced(long upTo) {
        return database.sql("""
                        select coalesce(e.global_index, s.global_index)
                        from event e full join stream_event s on s.global_index = e.global_index
                        where (e.stream is distinct from s.stream or e.sequence is distinct from s.sequence)
                            and coalesce(e.global_index, s.global_index) <= ?
                        order by 1""").param(upTo).query(Long.class).list();
    }

    /** Adds a listener that runs after each commit of this instance. Other instances' events are found by polling. */
    public void onAppended(Runnable listener) {
        listeners.add(listener);
    }

    void appended(List<StoredEvent> events) {
        recent.add(events);
        listeners.forEach(Runnable::run);
    }

    // Partitions are created long before the first event needs them.
    @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    void ensurePartitions() {
        database.sql("select ensure_partitions((select last_index from log_head))")
                .query((row, number) -> 0)
                .list();
    }

    private RowMapper<StoredEvent> rows() {
        return (row, number) -> event(row);
    }

    /** Reads the columns of {@link #FIELDS}, which are the first of the row. */
    StoredEvent event(ResultSet row) throws SQLException {
        long index = row.getLong(1);
        UUID stream = row.getObject(2, UUID.class);
        int sequence = row.getInt(3);
        int type = row.getInt(5);
        Instant at = row.getObject(6, OffsetDateTime.class).toInstant();
        byte[] data = row.getBytes(8);
        byte[] mac = row.getBytes(9);
        Optional<PetitionSlug> petition = numbers.find(row.getInt(4));
        boolean authentic = petition.isPresent()
                && EventType.isCode(type)
                && macs.isValid(mac, stream, sequence, petition.get().value(), type, at, data);
        return authentic
                ? new StoredEvent(
                        index,
                        stream,
                        sequence,
                        petition.get(),
                        EventType.ofCode(type),
                        at,
                        Optional.ofNullable(row.getObject(7, UUID.class)),
                        data)
                : StoredEvent.unauthentic(index, stream, sequence, at.isBefore(END_OF_TIME) ? at : END_OF_TIME);
    }
}
