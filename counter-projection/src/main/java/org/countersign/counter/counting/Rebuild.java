package org.countersign.counter.counting;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.countersign.counting.Fold;
import org.countersign.counting.PetitionCounts;
import org.countersign.events.RecordMac;
import org.countersign.events.Topics;
import org.countersign.support.lock.AdvisoryLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Rebuilds the counts from Kafka while the counter continues. When the rebuild is close to the counter, it locks the
 * position, counts the missing events and replaces the shown counts. The counter then continues from the stored state.
 */
@Component
public class Rebuild {

    /** Receives the progress. */
    @FunctionalInterface
    public interface RebuildProgress {
        void reached(long index, long of);
    }

    /**
     * A shown count that differs from the history.
     *
     * @param petition the petition's slug
     * @param what the kind of count, for example {@code verified}
     * @param shown the shown value, null if there is none
     * @param counted the value of the history, null if there is none
     */
    public record CountDifference(String petition, String what, Long shown, Long counted) {}

    /**
     * The result of a rebuild.
     *
     * @param index the index at which the new counts replaced the old ones
     * @param differences the changed counts
     */
    public record RebuildResult(long index, List<CountDifference> differences) {}

    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);
    private static final int MAX_BATCH_SIZE = 20_000;
    private static final int MAX_LOCKED_LAG = MAX_BATCH_SIZE;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration REPORT_INTERVAL = Duration.ofMillis(250);
    /** The counter waits during this time. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private static final long LOCK = 0x436f756e746572L;

    private final KafkaProperties kafka;
    private final DataSource database;
    private final TransactionTemplate transaction;
    private final CountStore shown;
    private final ShadowTables next;
    private final RecordMac mac;
    private final Duration timeout;

    Rebuild(
            KafkaProperties kafka,
            DataSource database,
            TransactionTemplate transaction,
            CountStore shown,
            ShadowTables next,
            RecordMac mac,
            @Value("${countersign.rebuild.patience}") Duration timeout) {
        this.kafka = kafka;
        this.database = database;
        this.transaction = transaction;
        this.shown = shown;
        this.next = next;
        this.mac = mac;
        this.timeout = timeout;
    }

    /**
     * Rebuilds the counts and returns when they are shown.
     *
     * @param progress receives the progress
     * @throws CannotRebuildException if another rebuild runs, or Kafka lacks counted events; the shown counts do not
     *     change
     */
    public RebuildResult run(RebuildProgress progress) {
        AtomicReference<@Nullable RebuildResult> outcome = new AtomicReference<>();
        try {
            boolean free = AdvisoryLock.ifFree(database, LOCK, lock -> {
                try {
                    outcome.set(count(progress));
                } finally {
                    next.end();
                }
            });
            if (!free) {
                throw new CannotRebuildException("Another rebuild is running. Wait until it has ended.");
            }
        } catch (SQLException e) {
            throw new CannotGetJdbcConnectionException("The lock of the rebuild was lost", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while rebuilding", e);
        }
        return Objects.requireNonNull(outcome.get());
    }

    private RebuildResult count(RebuildProgress progress) {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(EventReader.consumerSettings(kafka))) {
            List<TopicPartition> partitions = Stream.of(Topics.PETITION_EVENTS, Topics.SIGNATURE_EVENTS)
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            RebuildResult outcome = new Counting(consumer, next.begin()).run(progress);
            LOG.info(
                    "Rebuilt the counts up to index {}; {} differences",
                    outcome.index(),
                    outcome.differences().size());
            return outcome;
        }
    }

    /** A running rebuild. */
    private final class Counting {

        private final Consumer<byte[], byte[]> consumer;
        private final Map<String, PetitionCounts> tallies = new HashMap<>();
        // Unreadable records were recorded when they were first read.
        private final EventReader reader = new EventReader(0, mac, (partition, offset, reason) -> {});
        private CountStore.Position position;
        private Fold batch = new Fold(tallies);
        private long lastMove = System.nanoTime();

        private Counting(Consumer<byte[], byte[]> consumer, CountStore.Position position) {
            this.consumer = consumer;
            this.position = position;
        }

        private RebuildResult run(RebuildProgress progress) {
            long lastReport = System.nanoTime();
            while (true) {
                long goal = shown.position().index();
                readOn(goal);
                if (batch.events() >= MAX_BATCH_SIZE) {
                    store();
                }
                if (System.nanoTime() - lastReport > REPORT_INTERVAL.toNanos()) {
                    lastReport = System.nanoTime();
                    progress.reached(counted(), goal);
                }
                if (goal - counted() <= MAX_LOCKED_LAG) {
                    Optional<RebuildResult> outcome = takeOver();
                    if (outcome.isPresent()) {
                        return outcome.get();
                    }
                }
                requireMove();
            }
        }

        private long counted() {
            return reader.next() - 1;
        }

        private void readOn(long goal) {
            long before = counted();
            reader.take(consumer.poll(POLL));
            reader.fold(goal, batch);
            reader.pauseFullPartitions(consumer);
            if (counted() > before || counted() == goal) {
                lastMove = System.nanoTime();
            }
        }

        private void store() {
            next.store(position, batch, reader.takeMovedOffsets());
            position = position.plus(batch);
            batch = new Fold(tallies, position.publicPosition());
        }

        /** Returns empty, with nothing changed, if the rebuild did not catch up within the timeout. */
        private Optional<RebuildResult> takeOver() {
            return transaction.execute(status -> {
                long index = next.lockPosition();
                long begun = System.nanoTime();
                while (counted() < index) {
                    if (System.nanoTime() - begun > LOCK_TIMEOUT.toNanos()) {
                        return Optional.empty();
                    }
                    readOn(index);
                }
                if (counted() > index) {
                    throw new CannotRebuildException("The shown counts went back during the rebuild. Try again.");
                }
                store();
                RebuildResult outcome = new RebuildResult(index, next.differences());
                next.takeOver();
                return Optional.of(outcome);
            });
        }

        private void requireMove() {
            if (System.nanoTime() - lastMove > timeout.toNanos()) {
                throw new CannotRebuildException(("Event %,d was counted, and Kafka does not have it. "
                                + "`countersign audit reconcile` shows what is missing.")
                        .formatted(reader.next()));
            }
        }
    }

    /** The rebuild is impossible. The message gives the reason and the next step. */
    public static final class CannotRebuildException extends RuntimeException {
        CannotRebuildException(String message) {
            super(message);
        }
    }
}
