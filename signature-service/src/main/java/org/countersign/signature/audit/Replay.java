package org.countersign.signature.audit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.countersign.counting.CountedEvent;
import org.countersign.counting.Fold;
import org.countersign.events.PetitionSlug;
import org.countersign.events.UnreadableEventException;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.PrefetchingReader;
import org.countersign.signature.eventlog.ReaderPositions;
import org.countersign.signature.eventlog.StoredEvent;
import org.springframework.stereotype.Component;

/** Replays the history from its first event and returns the counts at a point of it. */
@Component
public class Replay {

    private static final int PAGE_SIZE = 5_000;
    private static final Duration RELAY_TIMEOUT = Duration.ofSeconds(5);

    /** Where the events are read: from the event store or from Kafka. */
    public enum ReplaySource {
        STORE,
        KAFKA
    }

    /**
     * The result of a replay.
     *
     * @param fold the counts
     * @param upTo the index of the last event
     */
    public record ReplayResult(Fold fold, long upTo) {}

    private final EventLog log;
    private final ReaderPositions positions;
    private final KafkaEventLog kafka;

    Replay(EventLog log, ReaderPositions positions, KafkaEventLog kafka) {
        this.log = log;
        this.positions = positions;
        this.kafka = kafka;
    }

    /**
     * Replays the history.
     *
     * @param source where the events are read
     * @param petition the petition, or empty for all
     * @param bound the point in the history
     * @param progress receives the index that has been reached, from time to time
     * @throws BrokenHistoryException if an event is missing or unreadable; the message names its index
     */
    public ReplayResult run(
            ReplaySource source, Optional<PetitionSlug> petition, HistoryBound bound, LongConsumer progress) {
        ReplayState state = new ReplayState(petition, bound, progress);
        if (source == ReplaySource.STORE) {
            fromStore(state);
        } else {
            fromKafka(state);
        }
        return new ReplayResult(state.fold, state.last);
    }

    /** Returns the index of the newest event: where a replay without bound ends. */
    public long end() {
        return log.head();
    }

    private void fromStore(ReplayState state) {
        PrefetchingReader.PageSource source = state.petition
                .<PrefetchingReader.PageSource>map(slug -> (after, limit) -> log.ofPetitionAfter(slug, after, limit))
                .orElse(log::after);
        new PrefetchingReader<>(0, PAGE_SIZE, source, event -> event).forEachWhile(event -> {
            if (event.index() > state.bound.lastIndex()) {
                return false;
            }
            if (state.petition.isEmpty()) {
                state.expect(event.index());
            }
            state.last = event.index();
            state.add(counted(event));
            return true;
        });
    }

    private static CountedEvent counted(StoredEvent event) {
        try {
            return event.counted();
        } catch (UnreadableEventException e) {
            throw new BrokenHistoryException("event " + event.index() + " cannot be read: " + e.getMessage());
        }
    }

    private void fromKafka(ReplayState state) {
        // Events that the relay has not published yet are not missing. The replay ends before them.
        long last = Math.min(positions.await("relay", log.head(), RELAY_TIMEOUT), state.bound.lastIndex());
        kafka.read(
                last,
                (record, headers) -> CountedEvent.read(headers, record.value()),
                new KafkaEventLog.EventVisitor<>() {
                    @Override
                    public void event(long index, CountedEvent event) {
                        if (index <= last) {
                            state.expect(index);
                            state.add(event);
                        }
                    }

                    @Override
                    public void problem(OptionalLong index, String text) {
                        throw new BrokenHistoryException(
                                index.isPresent() ? "event " + index.getAsLong() + " " + text : text);
                    }
                });
    }

    /** The state of a replay. */
    private static final class ReplayState {

        private static final int REPORT_INTERVAL = 1 << 15;

        private final Optional<PetitionSlug> petition;
        private final HistoryBound bound;
        private final LongConsumer progress;
        private final Fold fold = new Fold(new HashMap<>());
        private long last;

        private ReplayState(Optional<PetitionSlug> petition, HistoryBound bound, LongConsumer progress) {
            this.petition = petition;
            this.bound = bound;
            this.progress = progress;
        }

        void expect(long index) {
            if (index != last + 1) {
                throw new BrokenHistoryException("event " + (last + 1) + " is missing");
            }
            last = index;
        }

        void add(CountedEvent event) {
            if ((event.index() & REPORT_INTERVAL - 1) == 0) {
                progress.accept(event.index());
            }
            if (petition.isPresent() && !petition.get().equals(event.petition())
                    || event.at().isAfter(bound.until())) {
                return;
            }
            try {
                fold.add(event);
            } catch (IllegalStateException e) {
                throw new BrokenHistoryException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** An event is missing or unreadable. */
    public static final class BrokenHistoryException extends RuntimeException {
        private BrokenHistoryException(String message) {
            super(message);
        }
    }
}
