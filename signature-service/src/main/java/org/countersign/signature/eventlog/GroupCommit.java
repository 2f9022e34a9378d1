package org.countersign.signature.eventlog;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.LogBehindException;
import org.countersign.signature.domain.LogUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the events of many commands in one statement and one commit. A single writer takes all waiting commands,
 * commits their events, and then releases the commands. A lone command commits at once. Under load, a batch grows while
 * the previous commit reaches the disk, and for three more milliseconds while it is small. The cost of a commit does
 * not depend on its size.
 */
class GroupCommit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int MAX_BATCH_SIZE = 1000;
    private static final long GATHER_TIME_NANOS = 3_000_000;
    /** A batch of this size is committed without gathering more. */
    private static final int SUFFICIENT_BATCH_SIZE = 50;

    /** The function that appends events and holds sign calls. */
    static final String APPEND = "append_or_hold_events";

    /** The SQLSTATE that it raises. */
    private static final String LOG_WENT_BACK = "CS001";

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    /** The maximum time to find out what became of a commit. Its callers wait. */
    private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(8);

    /**
     * The maximum time in the queue. A longer wait means that commits are slow or fail. With the wait for admission,
     * the caller gets an answer within two seconds.
     */
    private static final Duration QUEUE_TIMEOUT = Duration.ofMillis(500);

    private static final String PARAMETERS = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final long TIMER_INTERVAL_MILLIS = 100;

    private static final long SETTLE_PAUSE_NANOS = Duration.ofMillis(200).toNanos();

    /** The result of an append. */
    enum AppendResult {
        /** The events are durable. */
        APPENDED,
        /** The stream exists already. The sign call is durable as a repeated signing. */
        DEFERRED,
        /** A rule holds the sign call. It is durable as a held call. */
        HELD,
        /** Another event has a place in the stream that these events need. Nothing was appended. */
        CONFLICT
    }

    /** The events of one command, and the result for which the command waits. */
    private record PendingAppend(List<NewEvent> events, CompletableFuture<AppendResult> result, long since) {

        boolean hasWaited(Duration timeout) {
            return System.nanoTime() - since > timeout.toNanos();
        }

        boolean isHeld() {
            return events.get(0).hold() != null;
        }

        void complete(boolean accepted) {
            AppendResult refused = events.get(0).isDeferrable() ? AppendResult.DEFERRED : AppendResult.CONFLICT;
            result.complete(isHeld() ? AppendResult.HELD : accepted ? AppendResult.APPENDED : refused);
        }
    }

    private final DataSource dataSource;
    private final String function;
    private final PetitionNumbers numbers;
    private final LogGate gate;
    private final Consumer<List<StoredEvent>> appended;
    private final RecordedEvents recorded;
    private final BlockingQueue<PendingAppend> waiting;
    private final Timer latency;
    private final DistributionSummary batchSizes;
    private final Thread writer;
    /** A timer for each command would cost more than this one. */
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "log-queue-timer"));

    private volatile boolean closed;

    /**
     * Starts the writer.
     *
     * @param gate closed while the log lacks events
     * @param capacity the maximum number of waiting commands; further ones are rejected
     * @param appended receives the new events after each commit
     */
    GroupCommit(
            DataSource dataSource,
            PetitionNumbers numbers,
            LogGate gate,
            int capacity,
            Consumer<List<StoredEvent>> appended,
            MeterRegistry meters) {
        this(dataSource, APPEND, numbers, gate, capacity, appended, meters);
    }

    /** @param function the name of the function that appends events */
    GroupCommit(
            DataSource dataSource,
            String function,
            PetitionNumbers numbers,
            LogGate gate,
            int capacity,
            Consumer<List<StoredEvent>> appended,
            MeterRegistry meters) {
        this.dataSource = dataSource;
        this.function = function;
        this.numbers = numbers;
        this.gate = gate;
        this.appended = appended;
        this.recorded = new RecordedEvents(dataSource);
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
                .description("commands waiting for the writer")
                .register(meters);
        this.writer = new Thread(this::write, "log-writer");
        writer.start();
        timer.scheduleWithFixedDelay(
                this::endLongWaits, TIMER_INTERVAL_MILLIS, TIMER_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Appends events of one stream, all or none, and returns when they are durable.
     *
     * @throws LogBehindException if the log lacks events; nothing was recorded
     * @throws LogUnavailableException if the queue is full or the database cannot commit. It tells whether the outcome
     *     is known
     */
    AppendResult append(List<NewEvent> events) {
        gate.requireOpen();
        long start = System.nanoTime();
        PendingAppend append = new PendingAppend(events, new CompletableFuture<>(), start);
        if (closed || !waiting.offer(append)) {
            throw new LogUnavailableException(
                    closed ? "The service is stopping" : "Too many commands wait for the log", null);
        }
        try {
            return append.result().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LostAnswerException) {
                throw LogUnavailableException.outcomeUnknown(e.getCause());
            }
            gate.requireOpen();
            throw new LogUnavailableException("The log cannot be written", e.getCause());
        } finally {
            latency.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    /** Fails the commands that have waited for longer than the timeout. The writer may be waiting for a commit. */
    private void endLongWaits() {
        for (PendingAppend first; (first = waiting.peek()) != null && first.hasWaited(QUEUE_TIMEOUT); ) {
            // The writer may take it at this moment, and completes it then.
            if (waiting.remove(first)) {
                first.result().completeExceptionally(new TimeoutException("The log takes too long"));
            }
        }
    }

    private void write() {
        List<PendingAppend> batch = new ArrayList<>(MAX_BATCH_SIZE);
        boolean alone = true;
        while (!closed || !waiting.isEmpty()) {
            try {
                batch.add(waiting.take());
                if (!alone && waiting.size() < SUFFICIENT_BATCH_SIZE) {
                    LockSupport.parkNanos(GATHER_TIME_NANOS);
                }
                waiting.drainTo(batch, MAX_BATCH_SIZE - 1);
                alone = batch.size() == 1;
                commit(batch);
            } catch (InterruptedException stop) {
                // The service is closing. The loop commits the waiting commands and ends.
            } catch (RuntimeException | Error e) {
                fail(batch, e);
            } finally {
                batch.clear();
            }
        }
    }

    /** Fails the commands that have no result yet. The writer goes on, whatever happened to it. */
    private static void fail(List<PendingAppend> batch, Throwable reason) {
        batch.forEach(append -> append.result().completeExceptionally(reason));
        LOG.warn("Cannot commit {} commands: {}", batch.size(), reason.toString());
    }

    private void commit(List<PendingAppend> batch) {
        List<PendingAppend> appends = List.copyOf(batch);
        try {
            boolean[] accepted = new boolean[appends.size()];
            publish(insert(appends, accepted, true));
            for (int i = 0; i < accepted.length; i++) {
                appends.get(i).complete(accepted[i]);
            }
        } catch (LostAnswerException e) {
            settle(appends, e);
        } catch (SQLException e) {
            closeIfReplaced(e);
            fail(appends, e);
        }
    }

    /** A log that has lost events was replaced while this instance was running. */
    private void closeIfReplaced(SQLException refused) {
        if (LOG_WENT_BACK.equals(refused.getSQLState())) {
            gate.closeAsReplaced();
        }
    }

    /** The events are durable. A listener that fails does not change that. */
    private void publish(List<StoredEvent> stored) {
        try {
            appended.accept(stored);
        } catch (RuntimeException | Error e) {
            LOG.error("A listener failed after a commit", e);
        }
    }

    /**
     * Finds out what became of a commit whose answer was lost. The events are appended again on a new connection: each
     * has one place in its stream, so that the log takes them once, whether or not the first statement still arrives.
     */
    private void settle(List<PendingAppend> appends, LostAnswerException lost) {
        LOG.warn("The answer to a commit of {} commands was lost: {}", appends.size(), lost.getMessage());
        long start = System.nanoTime();
        while (System.nanoTime() - start < SETTLE_TIMEOUT.toNanos() && !closed) {
            try {
                settleOnce(appends);
                return;
            } catch (SQLException | RuntimeException e) {
                LOG.warn("Cannot ask for the outcome of a commit: {}", e.getMessage());
                LockSupport.parkNanos(SETTLE_PAUSE_NANOS);
            }
        }
        fail(appends, lost);
    }

    private void settleOnce(List<PendingAppend> appends) throws SQLException {
        boolean[] accepted = new boolean[appends.size()];
        // The place of a sign call may be taken by its own first attempt. It is no repeated signing then.
        publish(insert(appends, accepted, false));
        List<PendingAppend> repeated = new ArrayList<>();
        for (int i = 0; i < accepted.length; i++) {
            PendingAppend append = appends.get(i);
            if (append.isHeld()) {
                // It has an id of its own, so that the second attempt changes nothing.
                append.result().complete(AppendResult.HELD);
            } else if (accepted[i] || recorded.contains(append.events())) {
                append.result().complete(AppendResult.APPENDED);
            } else if (!append.events().get(0).isDeferrable()) {
                append.result().complete(AppendResult.CONFLICT);
            } else if (recorded.isRepeatedSigning(append.events().get(0))) {
                append.result().complete(AppendResult.DEFERRED);
            } else {
                repeated.add(append);
            }
        }
        if (!repeated.isEmpty()) {
            insert(repeated, new boolean[repeated.size()], true);
            repeated.forEach(append -> append.result().complete(AppendResult.DEFERRED));
        }
    }

    /** Appends the events whose place is free, and returns them as they are in the log. */
    private List<StoredEvent> insert(List<PendingAppend> appends, boolean[] accepted, boolean deferring)
            throws SQLException {
        List<NewEvent> events = new ArrayList<>(appends.size());
        List<Integer> items = new ArrayList<>(appends.size());
        for (int i = 0; i < appends.size(); i++) {
            for (NewEvent event : appends.get(i).events()) {
                events.add(event);
                items.add(i);
            }
        }
        batchSizes.record(events.size());
        List<StoredEvent> stored = new ArrayList<>(events.size());
        boolean sent = false;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select ordinal, appended_as from " + function + PARAMETERS)) {
            AppendArrays.bind(statement, items, events, numbers, deferring);
            statement.setLong(AppendArrays.COUNT + 1, gate.known());
            sent = true;
            try (ResultSet rows = statement.executeQuery()) {
                // Treated as a lost answer: the second attempt writes as well, and so waits for this commit too.
                ReplicationWait.requireCompleted(statement);
                for (int i = 0; rows.next(); i++) {
                    long index = rows.getLong(2);
                    if (!rows.wasNull()) {
                        accepted[items.get(i)] = true;
                        gate.seen(index);
                        stored.add(stored(index, events.get(i)));
                    }
                }
            }
        } catch (SQLException e) {
            throw sent && !LostAnswerException.isRefused(e) ? new LostAnswerException(e) : e;
        } catch (RuntimeException | Error e) {
            if (sent) {
                throw new LostAnswerException(e);
            }
            throw e;
        }
        return stored;
    }

    private StoredEvent stored(long index, NewEvent event) {
        return new StoredEvent(
                index,
                event.stream(),
                event.sequence(),
                new PetitionSlug(event.petition()),
                event.type(),
                event.at(),
                Optional.ofNullable(event.trace()),
                event.data());
    }

    /** Commits the waiting commands and accepts no more. */
    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        timer.shutdown();
        try {
            writer.join(STOP_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (PendingAppend append; (append = waiting.poll()) != null; ) {
            append.result().completeExceptionally(new IllegalStateException("The service has stopped"));
        }
    }
}
