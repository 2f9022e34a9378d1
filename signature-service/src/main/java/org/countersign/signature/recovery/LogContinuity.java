package org.countersign.signature.recovery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.countersign.events.RecordMac;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.EventRecords;
import org.countersign.signature.eventlog.LogGate;
import org.countersign.signature.eventlog.PublishedPosition;
import org.countersign.signature.eventlog.ReaderPositions;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.support.datasource.PromotionListener;
import org.countersign.support.thread.Threads;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Compares the event log with Kafka: at start, whenever a leader begins, after each lost connection to the database,
 * and after the promotion of a standby. Commands wait for the comparisons at start and after a promotion. It closes the
 * gate if the log lacks events that Kafka has, or has others in their place. It blocks the relay if Kafka lacks events
 * that were published.
 *
 * <p>An unreachable Kafka is a normal fault. Commands are then taken after a timeout, and compared later.
 */
@Component
public class LogContinuity implements SmartLifecycle, PromotionListener {

    private static final Logger LOG = LoggerFactory.getLogger(LogContinuity.class);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    /** The newest published events, among which each busy partition has one. */
    private static final int WINDOW = 2_000;

    private static final String RELAY = "relay";

    private final EventLog log;
    private final ReaderPositions positions;
    private final PublishedPosition published;
    private final LogGate gate;
    private final KafkaProperties kafka;
    private final EventRecords records;
    private final RecordMac mac;
    private final Duration timeout;
    private volatile OptionalLong firstMissing = OptionalLong.empty();
    private final CountDownLatch settled = new CountDownLatch(1);
    private final AtomicLong promotions = new AtomicLong();
    /** Has a permit when the next comparison should not wait. */
    private final Semaphore urgent = new Semaphore(0);

    private volatile boolean running;
    private @Nullable Thread thread;

    LogContinuity(
            EventLog log,
            ReaderPositions positions,
            PublishedPosition published,
            LogGate gate,
            KafkaProperties kafka,
            EventRecords records,
            RecordMac mac,
            MeterRegistry meters,
            @Value("${countersign.recovery.kafka-timeout}") Duration timeout) {
        this.log = log;
        this.positions = positions;
        this.published = published;
        this.gate = gate;
        this.kafka = kafka;
        this.records = records;
        this.mac = mac;
        this.timeout = timeout;
        gate.closeUntilCompared();
        gate.comparedBy(this::compare);
        Gauge.builder("countersign.log.closed", () -> gate.isOpen() ? 0 : 1)
                .description("1 while no commands are taken, because the event log lacks events")
                .register(meters);
        Gauge.builder("countersign.kafka.incomplete", () -> firstMissing.isPresent() ? 1 : 0)
                .description("1 while nothing is published, because Kafka lacks published events")
                .register(meters);
    }

    /**
     * Compares now, and opens or closes the gate.
     *
     * @return whether the gate is open
     * @throws RuntimeException if Kafka or the database does not answer; the gate does not change
     */
    public synchronized boolean compare() {
        long promotionsBefore = promotions.get();
        // The order matters. What is read first can only be older than what is read next.
        long known = gate.known();
        long relayed = Math.max(positions.of(RELAY), published.get());
        KafkaTail tail = KafkaTail.read(kafka, mac);
        long head = log.head();
        long ahead = Math.max(Math.max(tail.newestIndex(), relayed), known);
        Optional<LogGate.Closure> closure =
                ahead > head ? Optional.of(behind(head, ahead, tail.newestIndex())) : fork(tail);
        if (closure.isPresent()) {
            log.forget();
            gate.close(closure.get());
            return false;
        }
        gate.seen(head);
        noteMissing(firstMissing(relayed, tail));
        if (promotions.get() != promotionsBefore) {
            // The old primary may have answered.
            return false;
        }
        gate.open();
        return true;
    }

    /** Closes the gate until the log of the new primary is compared. */
    @Override
    public void promoted() {
        gate.closeUntilCompared();
        promotions.incrementAndGet();
        urgent.release();
    }

    private static LogGate.Closure behind(long head, long ahead, long inKafka) {
        String reason = "The event log ends at event %d, but event %d was recorded. ".formatted(head, ahead)
                + "It was probably restored from a backup.";
        return inKafka >= ahead
                ? new LogGate.Closure(reason, "Run: ./countersign recover")
                : new LogGate.Closure(
                        reason,
                        "Kafka ends at event %d and lacks the others as well. ".formatted(inKafka)
                                + "See docs/operations.md, section Both are behind.");
    }

    private Optional<LogGate.Closure> fork(KafkaTail tail) {
        return tail.events().stream()
                .filter(event -> log.after(event.index() - 1, 1).stream().noneMatch(stored -> isSame(stored, event)))
                .map(KafkaTail.TailEvent::index)
                .min(Long::compare)
                .map(index -> new LogGate.Closure(
                        "Event %d of the event log is another than event %d of Kafka.".formatted(index, index),
                        "See docs/operations.md, section The histories differ."));
    }

    private boolean isSame(StoredEvent stored, KafkaTail.TailEvent event) {
        ProducerRecord<byte[], byte[]> expected = records.of(stored);
        return stored.index() == event.index()
                && expected.topic().equals(event.record().topic())
                && Arrays.equals(expected.key(), event.record().key())
                && Arrays.equals(expected.value(), event.record().value());
    }

    /** Returns the lowest index that may be missing in Kafka, or empty if each partition has all published events. */
    private OptionalLong firstMissing(long relayed, KafkaTail tail) {
        List<StoredEvent> newest = log.after(Math.max(0, relayed - WINDOW), WINDOW);
        return Stream.concat(newest.stream(), log.petitionEventBefore(relayed + 1).stream())
                .filter(stored -> stored.index() <= relayed)
                .map(this::place)
                .filter(place -> !tail.reaches(place.topic(), place.key(), place.index()))
                .mapToLong(place -> tail.lastIndexFor(place.topic(), place.key()) + 1)
                .min();
    }

    private record EventRecordPlace(long index, String topic, byte[] key) {}

    private EventRecordPlace place(StoredEvent stored) {
        ProducerRecord<byte[], byte[]> record = records.of(stored);
        return new EventRecordPlace(stored.index(), record.topic(), record.key());
    }

    private void noteMissing(OptionalLong missing) {
        if (missing.isPresent() && !missing.equals(firstMissing)) {
            LOG.error("Nothing is published. {}", missingText(missing.getAsLong()));
        }
        firstMissing = missing;
    }

    private static String missingText(long index) {
        return "Kafka lacks published events from event %d on. Run: ./countersign relay --from %d"
                .formatted(index, index);
    }

    /** Returns the lowest index from which Kafka lacks published events, or empty if it lacks none. */
    public OptionalLong firstMissing() {
        return firstMissing;
    }

    /** Returns what the operator has to do because Kafka lacks events, or empty if it lacks none. */
    public Optional<String> missing() {
        OptionalLong index = firstMissing;
        return index.isPresent() ? Optional.of(missingText(index.getAsLong())) : Optional.empty();
    }

    /** Returns when the first comparison has ended, so that no call arrives before it. */
    @Override
    public void start() {
        running = true;
        Thread starting = new Thread(this::watch, "continuity");
        thread = starting;
        starting.start();
        try {
            if (!settled.await(timeout.toMillis() + STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The event log is still being compared with Kafka");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Compares until Kafka has answered once, and again while the gate is closed or after a lost connection. */
    private void watch() {
        boolean compared = false;
        long promotionsSeen = promotions.get();
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (running) {
                if (promotions.get() != promotionsSeen) {
                    promotionsSeen = promotions.get();
                    compared = false;
                    deadline = System.nanoTime() + timeout.toNanos();
                }
                try {
                    long known = gate.known();
                    long head = log.head();
                    if (!compared || known > head) {
                        compared = compare();
                        settled.countDown();
                    } else {
                        gate.seen(head);
                    }
                } catch (DataAccessException | TransactionException e) {
                    compared = false;
                    LOG.debug("The event log cannot be compared: {}", e.getMessage());
                } catch (RuntimeException e) {
                    LOG.debug("Kafka does not answer: {}", e.getMessage());
                    if (System.nanoTime() > deadline && openUncompared()) {
                        deadline = Long.MAX_VALUE;
                    }
                }
                if (urgent.tryAcquire(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    urgent.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            running = false;
        }
    }

    /** Opens the gate without an answer of Kafka, unless something is known to be missing. */
    private boolean openUncompared() {
        if (gate.closure().filter(LogGate.Closure::isUntilCompared).isEmpty()) {
            return false;
        }
        LOG.warn("Kafka has not answered for {} s. Commands are taken, and compared later.", timeout.toSeconds());
        gate.open();
        settled.countDown();
        return true;
    }

    @Override
    public void stop() {
        running = false;
        Threads.stop(thread, STOP_TIMEOUT);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
