package org.countersign.signature.eventlog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.countersign.signature.domain.LogUnavailableException;
import org.countersign.support.sql.SqlArrays;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads the streams of many signatures in one statement. A statement costs several times as much as the rows of a
 * stream, and thousands of signers open their links in the same minute. A lone read starts at once. Under load, a batch
 * grows while the readers wait for the database.
 */
class GroupRead implements AutoCloseable {

    private static final int MAX_BATCH_SIZE = 200;
    private static final int READERS = 2;
    /** The maximum time of a read. With the wait for admission, the caller gets an answer within two seconds. */
    private static final long TIMEOUT_MILLIS = 500;

    private final JdbcClient database;
    private final EventLog log;
    private final LogGate gate;
    private final BlockingQueue<PendingRead> waiting;
    private final List<Thread> readers = new ArrayList<>();
    private volatile boolean closed;

    private record PendingRead(UUID stream, CompletableFuture<SignatureStream> result) {}

    /**
     * Starts the readers.
     *
     * @param capacity the maximum number of waiting reads; further ones are rejected
     */
    GroupRead(JdbcClient database, EventLog log, LogGate gate, int capacity) {
        this.database = database;
        this.log = log;
        this.gate = gate;
        this.waiting = new ArrayBlockingQueue<>(capacity);
        for (int i = 0; i < READERS; i++) {
            Thread reader = new Thread(this::read, "log-reader-" + i);
            readers.add(reader);
            reader.start();
        }
    }

    /**
     * Reads the stream of a signature. A signature that nobody has signed has no events.
     *
     * @throws org.countersign.signature.domain.LogBehindException if the log lacks events: they may be those of the
     *     stream
     * @throws DataAccessException if the database cannot be read
     * @throws LogUnavailableException if the database does not answer in time; nothing was recorded
     */
    SignatureStream read(UUID stream) {
        gate.requireOpen();
        PendingRead read = new PendingRead(stream, new CompletableFuture<>());
        if (closed || !waiting.offer(read)) {
            throw new LogUnavailableException(
                    closed ? "The service is stopping" : "Too many reads wait for the log", null);
        }
        try {
            SignatureStream result = read.result()
                    .orTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
            gate.requireOpen();
            return result;
        } catch (CompletionException e) {
            gate.requireOpen();
            if (e.getCause() instanceof DataAccessException failed) {
                throw failed;
            }
            throw new LogUnavailableException(
                    e.getCause() instanceof TimeoutException ? "The log takes too long" : "The log cannot be read",
                    e.getCause());
        }
    }

    private void read() {
        List<PendingRead> batch = new ArrayList<>(MAX_BATCH_SIZE);
        while (!closed) {
            try {
                batch.add(waiting.take());
                waiting.drainTo(batch, MAX_BATCH_SIZE - 1);
                read(batch);
            } catch (InterruptedException stop) {
                // The service is closing, and the loop ends.
            } catch (RuntimeException | Error e) {
                batch.forEach(read -> read.result().completeExceptionally(e));
            } finally {
                batch.clear();
            }
        }
    }

    private void read(List<PendingRead> batch) {
        // Read first, because other commands may append meanwhile.
        long known = gate.known();
        Map<UUID, StreamBuilder> streams = new LinkedHashMap<>();
        batch.forEach(read -> streams.computeIfAbsent(read.stream(), stream -> new StreamBuilder()));
        database.sql(EventLog.SIGNATURES)
                .param(SqlArrays.literal(streams.keySet()))
                .query(row -> {
                    if (row.getLong("last_index") < known) {
                        gate.closeAsReplaced();
                    }
                    StreamBuilder stream = streams.get(row.getObject("wanted", UUID.class));
                    if (stream != null && row.getObject("stream") != null) {
                        stream.add(log.event(row), Optional.ofNullable(row.getBytes("secret")));
                    }
                });
        Map<UUID, SignatureStream> built = new HashMap<>();
        streams.forEach((id, stream) -> built.put(id, stream.build(id)));
        batch.forEach(read -> read.result().complete(built.get(read.stream())));
    }

    private static final class StreamBuilder {

        private final List<StoredEvent> events = new ArrayList<>();
        private final Map<Long, byte[]> secrets = new HashMap<>();
        private final Set<Integer> taken = new HashSet<>();

        private void add(StoredEvent event, Optional<byte[]> secret) {
            taken.add(event.sequence());
            if (event.authentic()) {
                events.add(event);
                secret.ifPresent(present -> secrets.put(event.index(), present));
            }
        }

        private SignatureStream build(UUID id) {
            return new SignatureStream(id, events, secrets, taken);
        }
    }

    /** Ends the readers. Waiting reads fail. */
    @Override
    public void close() {
        closed = true;
        readers.forEach(Thread::interrupt);
        for (PendingRead read; (read = waiting.poll()) != null; ) {
            read.result().completeExceptionally(new IllegalStateException("The service has stopped"));
        }
    }
}
