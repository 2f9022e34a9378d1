package org.countersign.signature.recovery;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.countersign.events.EventType;
import org.countersign.events.RecordMac;
import org.countersign.signature.audit.KafkaEventLog;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.LogGate;
import org.countersign.signature.eventlog.RecoveredEvents;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.publiclog.SignedHeads;
import org.countersign.signature.publiclog.TreeStore;
import org.countersign.support.lock.AdvisoryLock;
import org.countersign.transparency.Checkpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.stereotype.Component;

/**
 * Brings a restored event log forward from Kafka: the same events at the same indexes and stream places. The secrets of
 * recovered events are lost, so their personal data is erased. Nothing is changed unless Kafka has every event that the
 * log lacks.
 */
@Component
public class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final long LOCK = 0x636f_756e_7465_7205L;
    private static final int BATCH_SIZE = 1_000;
    /** The last events of the log that are compared with Kafka before any event is put back. */
    private static final int OVERLAP = 1_000;

    private static final Duration HEAD_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    /** A recovered event. */
    public record RecoveredEvent(long index, String type, String petition, Optional<String> signature, Instant at) {}

    /**
     * The result of a recovery.
     *
     * @param events the number of recovered events
     * @param head the index of the newest event
     * @param withoutData the recovered events whose personal data is lost
     * @param destroyedSecrets the secrets that recovered events have destroyed again
     * @param publicLog the size of the public log, which equals every head signed before; 0 if it is empty
     */
    public record RecoveryResult(long events, long head, long withoutData, long destroyedSecrets, long publicLog) {}

    /** Receives what the recovery does. */
    public interface RecoveryObserver {

        /** Called from time to time. */
        void reached(long index, long of);

        /** Called for each recovered event, after it is durable. */
        void recovered(RecoveredEvent event);
    }

    private final EventLog log;
    private final RecoveredEvents recovered;
    private final KafkaEventLog kafka;
    private final KafkaProperties properties;
    private final RecordMac mac;
    private final LogContinuity continuity;
    private final LogGate gate;
    private final SignedHeads heads;
    private final TreeStore tree;
    private final DataSource dataSource;

    Recovery(
            EventLog log,
            RecoveredEvents recovered,
            KafkaEventLog kafka,
            KafkaProperties properties,
            RecordMac mac,
            LogContinuity continuity,
            LogGate gate,
            SignedHeads heads,
            TreeStore tree,
            DataSource dataSource) {
        this.log = log;
        this.recovered = recovered;
        this.kafka = kafka;
        this.properties = properties;
        this.mac = mac;
        this.continuity = continuity;
        this.gate = gate;
        this.heads = heads;
        this.tree = tree;
        this.dataSource = dataSource;
    }

    /**
     * Recovers what the log lacks. Repeating the call changes nothing, and continues an interrupted one.
     *
     * @throws CannotRecoverException if Kafka lacks an event as well, or has others than the log
     */
    public RecoveryResult run(RecoveryObserver observer) {
        AtomicReference<@Nullable RecoveryResult> result = new AtomicReference<>();
        try {
            if (!AdvisoryLock.ifFree(dataSource, LOCK, lock -> result.set(recover(observer)))) {
                throw new CannotRecoverException("Another recovery is running. Wait until it has ended.");
            }
        } catch (SQLException e) {
            throw new CannotGetJdbcConnectionException("The lock of the recovery was lost", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRecoverException("Stopped. Run the command again.");
        }
        return Objects.requireNonNull(result.get());
    }

    private RecoveryResult recover(RecoveryObserver observer) throws InterruptedException {
        log.forget();
        long head = log.head();
        long last = KafkaTail.read(properties, mac).newestIndex();
        EventRestorer restorer = new EventRestorer(observer, last);
        if (last > head) {
            verify(head, last, observer);
            kafka.read(last, (record, headers) -> RecoveredRecord.read(record), restorer);
            restorer.flush();
            LOG.info("Recovered {} events from Kafka, up to index {}", restorer.events, last);
        }
        if (!continuity.compare()) {
            throw new CannotRecoverException(
                    gate.closure().map(LogGate.Closure::text).orElse("Run the command again."));
        }
        return new RecoveryResult(
                restorer.events, log.head(), restorer.withoutData, restorer.destroyed, awaitPublicLog());
    }

    /** Checks that Kafka has every event after the head, and the same ones before it. */
    private void verify(long head, long last, RecoveryObserver observer) {
        HistoryVerifier verification = new HistoryVerifier(head, observer, last);
        kafka.read(last, (record, headers) -> RecoveredRecord.read(record), verification);
        verification.missing(last + 1).ifPresent(missing -> {
            throw new CannotRecoverException(
                    "Kafka lacks event %d, and the event log ends at event %d. ".formatted(missing, head)
                            + "Nothing was changed. Restore a newer backup, or one with its WAL archive. "
                            + "See docs/operations.md, section Both are behind.");
        });
    }

    private final class HistoryVerifier implements KafkaEventLog.EventVisitor<StoredEvent> {

        private static final int REPORT_INTERVAL = 1 << 13;

        private final long head;
        private final RecoveryObserver observer;
        private final long last;
        private long next;
        private long firstMissing;

        private HistoryVerifier(long head, RecoveryObserver observer, long last) {
            this.head = head;
            this.observer = observer;
            this.last = last;
            this.next = head + 1;
        }

        @Override
        public void event(long index, StoredEvent event) {
            if (index > head) {
                missing(index);
                next = index + 1;
            } else if (index > head - OVERLAP && !recovered.contains(event)) {
                throw new CannotRecoverException(
                        "Event %d of the event log is another than event %d of Kafka. ".formatted(index, index)
                                + "Nothing was changed. See docs/operations.md, section The histories differ.");
            }
            if ((index & REPORT_INTERVAL - 1) == 0) {
                observer.reached(0, last - head);
            }
        }

        /** Notes the first missing index before this one, and returns it if there is any. */
        private OptionalLong missing(long index) {
            if (firstMissing == 0 && index > next) {
                firstMissing = next;
            }
            return firstMissing == 0 ? OptionalLong.empty() : OptionalLong.of(firstMissing);
        }

        @Override
        public void unauthentic(String text) {
            LOG.warn("Kafka: {}", text);
        }

        @Override
        public void problem(OptionalLong index, String text) {
            LOG.warn("Kafka{}: {}", index.isPresent() ? ", event " + index.getAsLong() : "", text);
        }
    }

    private final class EventRestorer implements KafkaEventLog.EventVisitor<StoredEvent> {

        private final RecoveryObserver observer;
        private final long head = log.head();
        private final long last;
        private final List<StoredEvent> batch = new ArrayList<>();
        private long events;
        private long withoutData;
        private long destroyed;

        private EventRestorer(RecoveryObserver observer, long last) {
            this.observer = observer;
            this.last = last;
        }

        @Override
        public void event(long index, StoredEvent event) {
            if (index <= head) {
                return;
            }
            batch.add(event);
            if (batch.size() == BATCH_SIZE) {
                flush();
            }
        }

        private void flush() {
            if (batch.isEmpty()) {
                return;
            }
            destroyed += recovered.append(batch);
            events += batch.size();
            withoutData += batch.stream()
                    .filter(event -> event.authentic() && SEALED.contains(event.type()))
                    .count();
            batch.forEach(event -> observer.recovered(recovered(event)));
            observer.reached(batch.get(batch.size() - 1).index() - head, last - head);
            batch.clear();
        }

        @Override
        public void unauthentic(String text) {
            // The verification has reported it.
        }

        @Override
        public void problem(OptionalLong index, String text) {
            // The verification has reported it.
        }
    }

    private static RecoveredEvent recovered(StoredEvent event) {
        return event.authentic()
                ? new RecoveredEvent(
                        event.index(),
                        event.type().text(),
                        event.petition().value(),
                        event.signature().map(Object::toString),
                        event.at())
                : new RecoveredEvent(event.index(), "UnauthenticEvent", "", Optional.empty(), event.at());
    }

    /** The types with sealed personal data. */
    private static final List<EventType> SEALED =
            List.of(EventType.PETITION_SIGNED, EventType.PETITION_PUBLISHED, EventType.ALERT_REQUESTED);

    /** Waits until the public log has grown to the head outside. Its leader compares the roots. */
    private long awaitPublicLog() throws InterruptedException {
        long outside =
                heads.newest().map(note -> Checkpoint.parse(note.text()).size()).orElse(0L);
        long deadline = System.nanoTime() + HEAD_TIMEOUT.toNanos();
        long size = publicLogSize();
        while (size < outside && gate.isOpen() && System.nanoTime() < deadline) {
            Thread.sleep(POLL_INTERVAL.toMillis());
            size = publicLogSize();
        }
        if (size < outside) {
            throw new CannotRecoverException(gate.closure()
                    .map(LogGate.Closure::text)
                    .orElse("The events are recovered, but the public log has not reached its head of size " + outside
                            + " yet. Check that an instance has COUNTERSIGN_TRANSPARENCY_ENABLED."));
        }
        return size;
    }

    private long publicLogSize() {
        return tree.newest().map(note -> Checkpoint.parse(note.text()).size()).orElse(0L);
    }
}
