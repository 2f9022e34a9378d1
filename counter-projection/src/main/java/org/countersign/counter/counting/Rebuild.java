package org.countersign.counter.counting;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.countersign.counting.Fold;
import org.countersign.counting.PetitionCounts;
import org.countersign.events.Topics;
import org.countersign.support.lock.AdvisoryLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Counts everything anew from Kafka while the counter counts on, follows it until both stand close to each other, and
 * then has the new counts take the place of the old: the counter waits for the few events that are missing, and begins
 * again from what is stored.
 */
@Component
public class Rebuild {

    /** Is told how far it has come. */
    @FunctionalInterface
    public interface Progress {
        void reached(long index, long of);
    }

    /**
     * Something that is shown and is not what the history makes it.
     *
     * @param what for example {@code verified}
     * @param shown as it is shown, null if it is not
     * @param counted as it was counted anew, null if the history has no such thing
     */
    public record Difference(String petition, String what, Long shown, Long counted) {}

    /**
     * How it ended.
     *
     * @param index up to which all was counted when the new counts took the place of the old
     * @param differences what they changed
     */
    public record Outcome(long index, List<Difference> differences) {}

    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);
    private static final int LARGEST_BATCH = 20_000;
    private static final int CLOSE = LARGEST_BATCH;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration BETWEEN_REPORTS = Duration.ofMillis(250);
    /** The counter waits meanwhile. */
    private static final Duration PATIENCE_HELD_STILL = Duration.ofSeconds(5);

    private static final long LOCK = 0x436f756e746572L;

    private final KafkaProperties kafka;
    private final DataSource database;
    private final TransactionTemplate transaction;
    private final CountStore shown;
    private final ShadowTables next;
    private final Duration patience;

    Rebuild(
            KafkaProperties kafka,
            DataSource database,
            TransactionTemplate transaction,
            CountStore shown,
            ShadowTables next,
            @Value("${countersign.rebuild.patience}") Duration patience) {
        this.kafka = kafka;
        this.database = database;
        this.transaction = transaction;
        this.shown = shown;
        this.next = next;
        this.patience = patience;
    }

    /**
     * Counts everything anew and returns when that is shown.
     *
     * @throws CannotRebuildException if another rebuild goes on, or Kafka does not have what was counted; what is shown
     *     stays as it is
     */
    public Outcome run(Progress progress) {
        AtomicReference<Outcome> outcome = new AtomicReference<>();
        try {
            boolean free = AdvisoryLock.ifFree(database, LOCK, lock -> {
                try {
                    outcome.set(count(progress));
                } finally {
                    next.end();
                }
            });
            if (!free) {
                throw new CannotRebuildException("Another rebuild goes on. Wait until it has ended.");
            }
        } catch (SQLException e) {
            throw new CannotGetJdbcConnectionException("the lock of the rebuild was lost", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while rebuilding", e);
        }
        return outcome.get();
    }

    private Outcome count(Progress progress) {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(EventReader.consumerSettings(kafka))) {
            List<TopicPartition> partitions = Stream.of(Topics.PETITION_EVENTS, Topics.SIGNATURE_EVENTS)
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Outcome outcome = new Counting(consumer, next.begin()).run(progress);
            LOG.info(
                    "all was counted anew up to index {}; {} differences",
                    outcome.index(),
                    outcome.differences().size());
            return outcome;
        }
    }

    /** One rebuild as it goes on. */
    private final class Counting {

        private final Consumer<byte[], byte[]> consumer;
        private final Map<String, PetitionCounts> tallies = new HashMap<>();
        // What is no event has been noted when it was first counted.
        private final EventReader intake = new EventReader(0, (record, reason) -> {});
        private CountStore.Position position;
        private Fold batch = new Fold(tallies);
        private long lastMove = System.nanoTime();

        private Counting(Consumer<byte[], byte[]> consumer, CountStore.Position position) {
            this.consumer = consumer;
            this.position = position;
        }

        private Outcome run(Progress progress) {
            long lastReport = System.nanoTime();
            while (true) {
                long goal = shown.position().index();
                readOn(goal);
                if (batch.events() >= LARGEST_BATCH) {
                    store();
                }
                if (System.nanoTime() - lastReport > BETWEEN_REPORTS.toNanos()) {
                    lastReport = System.nanoTime();
                    progress.reached(counted(), goal);
                }
                if (goal - counted() <= CLOSE) {
                    Optional<Outcome> outcome = takeOver();
                    if (outcome.isPresent()) {
                        return outcome.get();
                    }
                }
                requireMove();
            }
        }

        private long counted() {
            return intake.next() - 1;
        }

        private void readOn(long goal) {
            long before = counted();
            intake.take(consumer.poll(POLL));
            intake.fold(goal, batch);
            intake.holdBackCrowded(consumer);
            if (counted() > before || counted() == goal) {
                lastMove = System.nanoTime();
            }
        }

        private void store() {
            next.store(position, batch, intake.takeMovedOffsets());
            position = position.plus(batch.events());
            batch = new Fold(tallies);
        }

        /** Empty if it did not come to that soon enough: nothing has changed then, and it can be tried again. */
        private Optional<Outcome> takeOver() {
            return transaction.execute(status -> {
                long index = next.holdStill();
                long begun = System.nanoTime();
                while (counted() < index) {
                    if (System.nanoTime() - begun > PATIENCE_HELD_STILL.toNanos()) {
                        return Optional.empty();
                    }
                    readOn(index);
                }
                if (counted() > index) {
                    throw new CannotRebuildException(
                            "The shown counts went back while they were counted anew. Try again.");
                }
                store();
                Outcome outcome = new Outcome(index, next.differences());
                next.takeOver();
                return Optional.of(outcome);
            });
        }

        private void requireMove() {
            if (System.nanoTime() - lastMove > patience.toNanos()) {
                throw new CannotRebuildException(
                        "Event %,d was counted once, and Kafka does not have it. `countersign audit reconcile` shows what is missing."
                                .formatted(intake.next()));
            }
        }
    }

    /** All can't be counted anew; the message says why, and what to do. */
    public static final class CannotRebuildException extends RuntimeException {
        CannotRebuildException(String message) {
            super(message);
        }
    }
}
