package org.countersign.signature.eventlog;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.countersign.signature.domain.LogUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the events of many commands in one statement and one commit. A single writer takes all waiting commands,
 * commits their events, and then releases the commands. A lone command commits at once. Under load, batches grow while
 * the previous commit reaches the disk, and for one millisecond more, because the cost of a commit does not depend on
 * its size.
 */
class GroupCommit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int MAX_BATCH_SIZE = 1000;
    private static final long GATHER_TIME_NANOS = 1_000_000;

    /** The outcome of an append. */
    enum Outcome {
        APPENDED,
        PLACE_TAKEN
    }

    private record Unit(List<NewEvent> events, CompletableFuture<Outcome> outcome) {

        UUID stream() {
            return events.get(0).stream();
        }
    }

    private final DataSource dataSource;
    private final PetitionNumbers names;
    private final Consumer<List<StoredEvent>> appended;
    private final BlockingQueue<Unit> waiting;
    private final Timer latency;
    private final DistributionSummary batchSizes;
    private final Thread writer;
    private volatile boolean closed;

    /**
     * Starts the writer.
     *
     * @param capacity the maximum number of waiting commands; further ones are rejected
     * @param appended receives the new events after each commit
     */
    GroupCommit(
            DataSource dataSource,
            PetitionNumbers names,
            int capacity,
            Consumer<List<StoredEvent>> appended,
            MeterRegistry meters) {
        this.dataSource = dataSource;
        this.names = names;
        this.appended = appended;
        this.waiting = new ArrayBlockingQueue<>(capacity);
        this.latency = Timer.builder("countersign.log.append")
                .description("from asking to append until it is durable")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(meters);
        this.batchSizes = DistributionSummary.builder("countersign.log.batch")
                .description("events in one commit")
                .register(meters);
        Gauge.builder("countersign.log.waiting", waiting, BlockingQueue::size)
                .description("units waiting for the writer")
                .register(meters);
        this.writer = new Thread(this::write, "log-writer");
        writer.start();
    }

    /**
     * Appends events of one stream, all or none, and returns when they are durable.
     *
     * @throws LogUnavailableException if the queue is full or the database cannot commit
     */
    Outcome append(List<NewEvent> events) {
        Unit unit = new Unit(events, new CompletableFuture<>());
        long start = System.nanoTime();
        if (closed || !waiting.offer(unit)) {
            throw new LogUnavailableException(
                    closed ? "The service is stopping" : "Too many commands wait for the log", null);
        }
        try {
            return unit.outcome().join();
        } catch (CompletionException e) {
            throw new LogUnavailableException("The log cannot be written", e.getCause());
        } finally {
            latency.record(System.nanoTime() - start, java.util.concurrent.TimeUnit.NANOSECONDS);
        }
    }

    private void write() {
        List<Unit> batch = new ArrayList<>(MAX_BATCH_SIZE);
        boolean alone = true;
        while (!closed || !waiting.isEmpty()) {
            try {
                batch.add(waiting.take());
                if (!alone && waiting.size() < MAX_BATCH_SIZE) {
                    LockSupport.parkNanos(GATHER_TIME_NANOS);
                }
                waiting.drainTo(batch, MAX_BATCH_SIZE - 1);
                alone = batch.size() == 1;
                commit(batch);
            } catch (InterruptedException stop) {
                // The service is closing. The loop commits the waiting commands and ends.
            } finally {
                batch.clear();
            }
        }
    }

    private void commit(List<Unit> batch) {
        List<Unit> units = rejectSecondOfStream(batch);
        try {
            boolean[] accepted = new boolean[units.size()];
            appended.accept(insert(units, accepted));
            for (int i = 0; i < accepted.length; i++) {
                units.get(i).outcome().complete(accepted[i] ? Outcome.APPENDED : Outcome.PLACE_TAKEN);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn("Cannot commit {} commands: {}", units.size(), e.getMessage());
            units.forEach(unit -> unit.outcome().completeExceptionally(e));
        }
    }

    /** Rejects the second command of a stream in a batch: both were decided from the same history. */
    private static List<Unit> rejectSecondOfStream(List<Unit> batch) {
        Set<UUID> streams = new HashSet<>(batch.size() * 2);
        List<Unit> units = new ArrayList<>(batch.size());
        for (Unit unit : batch) {
            if (streams.add(unit.stream())) {
                units.add(unit);
            } else {
                unit.outcome().complete(Outcome.PLACE_TAKEN);
            }
        }
        return units;
    }

    /** Appends the events whose place is free, and returns them as they are in the log. */
    private List<StoredEvent> insert(List<Unit> units, boolean[] accepted) throws SQLException {
        List<NewEvent> events = new ArrayList<>(units.size());
        List<Integer> items = new ArrayList<>(units.size());
        for (int i = 0; i < units.size(); i++) {
            for (NewEvent event : units.get(i).events()) {
                events.add(event);
                items.add(i);
            }
        }
        batchSizes.record(events.size());
        List<StoredEvent> stored = new ArrayList<>(events.size());
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select ordinal, appended_as from append_events(?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            statement.setArray(1, connection.createArrayOf("int4", items.toArray()));
            statement.setArray(2, array(connection, "uuid", events, NewEvent::stream));
            statement.setArray(3, array(connection, "int4", events, NewEvent::sequence));
            statement.setArray(4, array(connection, "int4", events, event -> names.number(event.petition())));
            statement.setArray(5, array(connection, "int2", events, event ->
                    (short) event.type().code()));
            statement.setArray(6, array(connection, "timestamptz", events, NewEvent::at));
            statement.setArray(7, array(connection, "uuid", events, NewEvent::trace));
            statement.setArray(
                    8,
                    connection.createArrayOf(
                            "bytea", events.stream().map(NewEvent::data).toArray(byte[][]::new)));
            statement.setArray(
                    9,
                    connection.createArrayOf(
                            "bytea", events.stream().map(NewEvent::secret).toArray(byte[][]::new)));
            try (ResultSet rows = statement.executeQuery()) {
                for (int i = 0; rows.next(); i++) {
                    long index = rows.getLong(2);
                    if (!rows.wasNull()) {
                        accepted[items.get(i)] = true;
                        stored.add(stored(index, events.get(i)));
                    }
                }
            }
        }
        return stored;
    }

    private StoredEvent stored(long index, NewEvent event) {
        return new StoredEvent(
                index,
                event.stream(),
                event.sequence(),
                names.slug(names.number(event.petition())),
                event.type(),
                event.at(),
                Optional.ofNullable(event.trace()),
                event.data());
    }

    private static Array array(
            Connection connection, String type, List<NewEvent> events, Function<NewEvent, Object> column)
            throws SQLException {
        return connection.createArrayOf(type, events.stream().map(column).toArray());
    }

    /** Commits the waiting commands and accepts no more. */
    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        try {
            writer.join(Duration.ofSeconds(20).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Unit unit; (unit = waiting.poll()) != null; ) {
            unit.outcome().completeExceptionally(new IllegalStateException("The service has stopped"));
        }
    }
}
