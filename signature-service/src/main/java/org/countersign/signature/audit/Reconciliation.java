package org.countersign.signature.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.countersign.counting.CountedEvent;
import org.countersign.counting.Fold;
import org.countersign.counting.SignatureStatuses;
import org.countersign.events.RecordMac;
import org.countersign.events.UnreadableEventException;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.EventRecords;
import org.countersign.signature.eventlog.PrefetchingReader;
import org.countersign.signature.eventlog.ReaderPositions;
import org.countersign.signature.eventlog.StoredEvent;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Compares event store, Kafka and counter, event by event. Signing continues: the comparison ends at the head that the
 * log had at its start.
 */
@Component
public class Reconciliation {

    private static final int PAGE_SIZE = 2_000;
    private static final Duration RELAY_TIMEOUT = Duration.ofSeconds(30);

    /**
     * A difference between two places.
     *
     * @param index the index of the event; for the counter, of the last counted event
     * @param where {@code event store}, {@code kafka} or {@code counter}
     * @param problem what is wrong there
     */
    public record ReconciliationDifference(OptionalLong index, String where, String problem) {}

    /**
     * The result of a reconciliation.
     *
     * @param events the number of compared events
     * @param differences the number of differences
     */
    public record ReconciliationResult(long events, long differences) {}

    private final EventLog log;
    private final ReaderPositions positions;
    private final KafkaEventLog kafka;
    private final CounterSnapshot.SnapshotSource counter;
    private final EventRecords records;

    Reconciliation(
            EventLog log,
            ReaderPositions positions,
            KafkaEventLog kafka,
            CounterSnapshot.SnapshotSource counter,
            EventRecords records) {
        this.log = log;
        this.positions = positions;
        this.kafka = kafka;
        this.counter = counter;
        this.records = records;
    }

    /**
     * Compares all events.
     *
     * @param found receives each difference
     * @param progress receives the index that has been reached, from time to time
     * @throws CannotCompareException if the counter does not answer or Kafka is far behind
     */
    public ReconciliationResult run(Consumer<ReconciliationDifference> found, LongConsumer progress) {
        CounterSnapshot snapshot = counterSnapshot();
        long head = log.head();
        awaitPublished(head);
        Comparison comparison = new Comparison(snapshot.index(), found, progress);
        kafka.read(head, (record, headers) -> record, comparison);
        comparison.compareUpTo(head, null);
        log.beyondHead()
                .forEach(index ->
                        comparison.report(OptionalLong.of(index), "event store", "is beyond the head of the log"));
        log.misplaced(head)
                .forEach(index -> comparison.report(
                        OptionalLong.of(index), "event store", "is not at the position that its stream records"));
        snapshot.differencesFrom(CounterSnapshot.of(snapshot.index(), comparison.fold))
                .forEach(difference -> comparison.report(OptionalLong.of(snapshot.index()), "counter", difference));
        return new ReconciliationResult(head, comparison.differences);
    }

    private CounterSnapshot counterSnapshot() {
        try {
            return counter.take();
        } catch (IOException e) {
            throw new CannotCompareException("Cannot read the counter: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotCompareException("Stopped.");
        }
    }

    private void awaitPublished(long head) {
        long published = positions.await("relay", head, RELAY_TIMEOUT);
        if (published < head) {
            throw new CannotCompareException("The relay has only published event " + published + " of " + head + ".");
        }
    }

    /** Walks through event store and Kafka in log order. */
    private final class Comparison implements KafkaEventLog.EventVisitor<ConsumerRecord<byte[], byte[]>> {

        private static final int REPORT_INTERVAL = 1 << 13;

        private final PrefetchingReader<StoredEvent> pages =
                new PrefetchingReader<>(0, PAGE_SIZE, log::after, event -> event);
        private final Fold fold = new Fold(new HashMap<>());
        private final SignatureStatuses statuses = new SignatureStatuses();
        private final long counted;
        private final Consumer<ReconciliationDifference> found;
        private final LongConsumer progress;
        private List<StoredEvent> page = List.of();
        private boolean more = true;
        private int next;
        private long index;
        private long differences;

        /** @param counted the index at which the fold is compared with the counter */
        private Comparison(long counted, Consumer<ReconciliationDifference> found, LongConsumer progress) {
            this.counted = counted;
            this.found = found;
            this.progress = progress;
        }

        void report(OptionalLong about, String where, String problem) {
            differences++;
            found.accept(new ReconciliationDifference(about, where, problem));
        }

        @Override
        public void event(long recordIndex, ConsumerRecord<byte[], byte[]> record) {
            compareUpTo(recordIndex, record);
        }

        @Override
        public void problem(OptionalLong about, String text) {
            report(about, "kafka", text);
        }

        @Override
        public void unauthentic(String text) {
            report(OptionalLong.empty(), "kafka", text);
        }

        /**
         * Compares the events up to an index. Kafka has a record of the last index, or none if the record is null, and
         * of none before it.
         */
        void compareUpTo(long last, @Nullable ConsumerRecord<byte[], byte[]> record) {
            while (index < last) {
                index++;
                Optional<StoredEvent> stored = stored();
                ConsumerRecord<byte[], byte[]> published = index == last ? record : null;
                if (stored.isEmpty()) {
                    report(OptionalLong.of(index), "event store", "is missing");
                }
                if (published == null) {
                    report(OptionalLong.of(index), "kafka", "is missing");
                }
                if (stored.isPresent() && published != null && comparable(stored.get(), published)) {
                    compare(stored.get(), published);
                }
                stored.ifPresent(this::count);
                if ((index & REPORT_INTERVAL - 1) == 0) {
                    progress.accept(index);
                }
            }
        }

        /** Returns the stored event of the next index. */
        private Optional<StoredEvent> stored() {
            if (next == page.size() && more) {
                PrefetchingReader.EventPage<StoredEvent> read = pages.next();
                page = read.items();
                more = read.full();
                next = 0;
            }
            return next < page.size() && page.get(next).index() == index
                    ? Optional.of(page.get(next++))
                    : Optional.empty();
        }

        /** If the event store has lost the event that Kafka has, one difference says so. */
        private boolean comparable(StoredEvent stored, ConsumerRecord<byte[], byte[]> record) {
            boolean comparable = stored.authentic() || record.value() == null;
            if (!comparable) {
                report(
                        OptionalLong.of(stored.index()),
                        "event store",
                        "differs from Kafka, which has the recorded event");
            }
            return comparable;
        }

        private void compare(StoredEvent stored, ConsumerRecord<byte[], byte[]> record) {
            ProducerRecord<byte[], byte[]> expected = records.of(stored);
            OptionalLong about = OptionalLong.of(stored.index());
            if (!expected.topic().equals(record.topic())) {
                report(about, "kafka", "is in topic " + record.topic() + " instead of " + expected.topic());
            }
            if (!Arrays.equals(expected.key(), record.key())) {
                report(about, "kafka", "has a different key than the event store");
            }
            if (!Arrays.equals(expected.value(), record.value())) {
                report(about, "kafka", "has different data than the event store");
            }
            if (count(expected.headers()) != count(record.headers())) {
                report(
                        about,
                        "kafka",
                        "has " + count(record.headers()) + " headers instead of " + count(expected.headers()));
            }
            for (Header header : expected.headers()) {
                Header published = record.headers().lastHeader(header.key());
                // The MAC is valid, but perhaps under an earlier key.
                if (header.key().equals(RecordMac.HEADER)) {
                    continue;
                }
                if (published == null || !Arrays.equals(published.value(), header.value())) {
                    report(
                            about,
                            "kafka",
                            header.key() + " is " + text(published) + ", in the event store " + text(header));
                }
            }
        }

        private static int count(Headers headers) {
            return headers.toArray().length;
        }

        private static String text(Header header) {
            return header == null ? "missing" : new String(header.value(), StandardCharsets.UTF_8);
        }

        private void count(StoredEvent stored) {
            OptionalLong about = OptionalLong.of(stored.index());
            if (!stored.authentic()) {
                report(about, "event store", "has no valid MAC; it claims to be " + stored.id());
                if (stored.index() <= counted) {
                    fold.skip();
                }
                return;
            }
            try {
                CountedEvent event = stored.counted();
                event.transition()
                        .flatMap(move -> statuses.follow(stored.stream(), move)
                                .map(before -> "says that signature " + stored.stream() + " was "
                                        + move.was().text() + ", but it was " + before.text()))
                        .ifPresent(problem -> report(about, "event store", problem));
                if (stored.index() <= counted) {
                    fold.add(event);
                }
            } catch (UnreadableEventException | IllegalStateException e) {
                report(about, "event store", "cannot be counted: " + e.getMessage());
            }
        }
    }

    /** The places cannot be compared now. */
    public static final class CannotCompareException extends RuntimeException {
        private CannotCompareException(String message) {
            super(message);
        }
    }
}
