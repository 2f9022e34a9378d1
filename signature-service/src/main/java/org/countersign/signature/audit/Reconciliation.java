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
import org.countersign.counting.Fold;
import org.countersign.events.UnreadableEventException;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.EventRecords;
import org.countersign.signature.eventlog.PrefetchingReader;
import org.countersign.signature.eventlog.ReaderPositions;
import org.countersign.signature.eventlog.StoredEvent;
import org.springframework.stereotype.Component;

/**
 * Holds event store, Kafka and counter against each other, event by event. Signing goes on meanwhile: it is compared
 * what was there at the beginning.
 */
@Component
public class Reconciliation {

    private static final int PAGE = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * Something that is not the same in two places.
     *
     * @param index of the event it is about; for counters, of the last event that is counted in
     * @param where {@code event store}, {@code kafka} or {@code counter}
     * @param problem what is wrong there
     */
    public record Difference(OptionalLong index, String where, String problem) {}

    /**
     * How it went.
     *
     * @param events how many events there should be
     * @param differences how many differences were found
     */
    public record Outcome(long events, long differences) {}

    private final EventLog log;
    private final ReaderPositions positions;
    private final KafkaEventLog kafka;
    private final CounterSnapshot.Source counter;

    Reconciliation(EventLog log, ReaderPositions positions, KafkaEventLog kafka, CounterSnapshot.Source counter) {
        this.log = log;
        this.positions = positions;
        this.kafka = kafka;
        this.counter = counter;
    }

    /**
     * Compares.
     *
     * @param found is given each difference
     * @param progress is told from time to time which index has been reached
     * @throws CannotCompareException if the counter does not answer or Kafka is far behind: nothing is said of any
     *     difference then
     */
    public Outcome run(Consumer<Difference> found, LongConsumer progress) {
        CounterSnapshot shown = shown();
        long head = log.head();
        awaitPublished(head);
        Comparison comparison = new Comparison(shown.index(), found, progress);
        kafka.read(head, (record, headers) -> record, comparison);
        comparison.compareUpTo(head, null);
        log.beyondHead()
                .forEach(index ->
                        comparison.report(OptionalLong.of(index), "event store", "is beyond the head of the log"));
        log.misplaced(head)
                .forEach(index -> comparison.report(
                        OptionalLong.of(index), "event store", "is not at the place that its stream has for it"));
        shown.differencesFrom(CounterSnapshot.of(shown.index(), comparison.fold))
                .forEach(difference -> comparison.report(OptionalLong.of(shown.index()), "counter", difference));
        return new Outcome(head, comparison.differences);
    }

    private CounterSnapshot shown() {
        try {
            return counter.take();
        } catch (IOException e) {
            throw new CannotCompareException("The counter does not say what it shows: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotCompareException("Stopped.");
        }
    }

    private void awaitPublished(long head) {
        long published = positions.await("relay", head, PATIENCE);
        if (published < head) {
            throw new CannotCompareException(
                    "The relay has published no further than event " + published + " of " + head + ".");
        }
    }

    /** Goes along both in the order of the log. */
    private final class Comparison implements KafkaEventLog.Visitor<ConsumerRecord<byte[], byte[]>> {

        private static final int BETWEEN_REPORTS = 1 << 13;

        private final PrefetchingReader<StoredEvent> pages =
                new PrefetchingReader<>(0, PAGE, log::after, event -> event);
        private final Fold fold = new Fold(new HashMap<>());
        private final long counted;
        private final Consumer<Difference> found;
        private final LongConsumer progress;
        private List<StoredEvent> page = List.of();
        private boolean more = true;
        private int next;
        private long index;
        private long differences;

        /** @param counted the index up to which the history is folded, to be held against the counter */
        private Comparison(long counted, Consumer<Difference> found, LongConsumer progress) {
            this.counted = counted;
            this.found = found;
            this.progress = progress;
        }

        void report(OptionalLong about, String where, String problem) {
            differences++;
            found.accept(new Difference(about, where, problem));
        }

        @Override
        public void event(long recordIndex, ConsumerRecord<byte[], byte[]> record) {
            compareUpTo(recordIndex, record);
        }

        @Override
        public void wrong(OptionalLong about, String what) {
            report(about, "kafka", what);
        }

        /**
         * Compares the events up to an index; Kafka has a record of that one or, if it is null, none, and of none
         * before it.
         */
        void compareUpTo(long last, ConsumerRecord<byte[], byte[]> record) {
            while (index < last) {
                index++;
                Optional<StoredEvent> stored = stored();
                boolean published = index == last && record != null;
                if (stored.isEmpty()) {
                    report(OptionalLong.of(index), "event store", "is missing");
                }
                if (!published) {
                    report(OptionalLong.of(index), "kafka", "is missing");
                }
                if (stored.isPresent() && published) {
                    compare(stored.get(), record);
                }
                stored.ifPresent(this::count);
                if ((index & BETWEEN_REPORTS - 1) == 0) {
                    progress.accept(index);
                }
            }
        }

        /** The store's event with the index that is due, if it has one. */
        private Optional<StoredEvent> stored() {
            if (next == page.size() && more) {
                PrefetchingReader.Page<StoredEvent> read = pages.next();
                page = read.items();
                more = read.isFull();
                next = 0;
            }
            return next < page.size() && page.get(next).index() == index
                    ? Optional.of(page.get(next++))
                    : Optional.empty();
        }

        private void compare(StoredEvent stored, ConsumerRecord<byte[], byte[]> record) {
            ProducerRecord<byte[], byte[]> right = EventRecords.of(stored);
            OptionalLong about = OptionalLong.of(stored.index());
            if (!right.topic().equals(record.topic())) {
                report(about, "kafka", "is in the topic " + record.topic() + ", it belongs to " + right.topic());
            }
            if (!Arrays.equals(right.key(), record.key())) {
                report(about, "kafka", "has another key than the event store gives it");
            }
            if (!Arrays.equals(right.value(), record.value())) {
                report(about, "kafka", "has other data than in the event store");
            }
            if (count(right.headers()) != count(record.headers())) {
                report(
                        about,
                        "kafka",
                        "has " + count(record.headers()) + " headers, it should have " + count(right.headers()));
            }
            for (Header header : right.headers()) {
                Header published = record.headers().lastHeader(header.key());
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
            if (stored.index() <= counted) {
                try {
                    fold.add(stored.counted());
                } catch (UnreadableEventException | IllegalStateException e) {
                    report(OptionalLong.of(stored.index()), "event store", "can't be counted: " + e.getMessage());
                }
            }
        }
    }

    /** It could not be compared. */
    public static final class CannotCompareException extends RuntimeException {
        private CannotCompareException(String message) {
            super(message);
        }
    }
}
