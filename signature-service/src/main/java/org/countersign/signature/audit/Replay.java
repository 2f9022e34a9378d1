package org.countersign.signature.audit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.countersign.counting.CountedEvent;
import org.countersign.counting.Fold;
import org.countersign.counting.SignatureStatuses;
import org.countersign.counting.order.HeaderLookup;
import org.countersign.events.CloudEvent;
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
     * @param problems the number of events that are not authentic, or that contradict the events before
     */
    public record ReplayResult(Fold fold, long upTo, long problems) {}

    /** Receives what a replay finds and passes over. */
    @FunctionalInterface
    public interface ReplayProblems {

        /**
         * Called for each problem.
         *
         * @param index the index of the event, if it is known
         * @param text what is wrong
         */
        void found(OptionalLong index, String text);
    }

    /**
     * An event and its signature.
     *
     * @param signature the stream of the signature
     * @param event what counting needs, or empty if the event is not authentic
     */
    private record ReplayedEvent(Optional<UUID> signature, Optional<CountedEvent> event) {}

    private final EventLog log;
    private final ReaderPositions positions;
    private final KafkaEventLog kafka;

    Replay(EventLog log, ReaderPositions positions, KafkaEventLog kafka) {
        this.log = log;
        this.positions = positions;
        this.kafka = kafka;
    }

    /** Replays the history, and passes over what is not authentic. */
    public ReplayResult run(
            ReplaySource source, Optional<PetitionSlug> petition, HistoryBound bound, LongConsumer progress) {
        return run(source, petition, bound, progress, (index, problem) -> {});
    }

    /**
     * Replays the history.
     *
     * @param source where the events are read
     * @param petition the petition, or empty for all
     * @param bound the point in the history
     * @param progress receives the index that has been reached, from time to time
     * @param problems receives what is passed over
     * @throws BrokenHistoryException if an event is missing or unreadable; the message names its index
     */
    public ReplayResult run(
            ReplaySource source,
            Optional<PetitionSlug> petition,
            HistoryBound bound,
            LongConsumer progress,
            ReplayProblems problems) {
        ReplayState state = new ReplayState(petition, bound, progress, problems);
        if (source == ReplaySource.STORE) {
            fromStore(state);
        } else {
            fromKafka(state);
        }
        return new ReplayResult(state.fold, state.last, state.problems);
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
            state.add(event.index(), replayed(event));
            return true;
        });
    }

    private static ReplayedEvent replayed(StoredEvent event) {
        if (!event.authentic()) {
            return new ReplayedEvent(Optional.empty(), Optional.empty());
        }
        try {
            return new ReplayedEvent(Optional.of(event.stream()), Optional.of(event.counted()));
        } catch (UnreadableEventException e) {
            throw new BrokenHistoryException("event " + event.index() + " cannot be read: " + e.getMessage());
        }
    }

    private static ReplayedEvent replayed(ConsumerRecord<byte[], byte[]> record, HeaderLookup<Header> headers) {
        if (CloudEvent.isMarker(headers)) {
            return new ReplayedEvent(Optional.empty(), Optional.empty());
        }
        CountedEvent event = CountedEvent.read(headers, record.value());
        return new ReplayedEvent(
                event.transition().map(move -> CloudEvent.signature(headers).value()), Optional.of(event));
    }

    private void fromKafka(ReplayState state) {
        // Events that the relay has not published yet are not missing. The replay ends before them.
        long last = Math.min(positions.await("relay", log.head(), RELAY_TIMEOUT), state.bound.lastIndex());
        kafka.read(last, Replay::replayed, new KafkaEventLog.EventVisitor<>() {
            @Override
            public void event(long index, ReplayedEvent event) {
                if (index <= last) {
                    state.expect(index);
                    state.add(index, event);
                }
            }

            @Override
            public void problem(OptionalLong index, String text) {
                throw new BrokenHistoryException(index.isPresent() ? "event " + index.getAsLong() + " " + text : text);
            }

            @Override
            public void unauthentic(String text) {
                state.report(OptionalLong.empty(), text);
            }
        });
    }

    /** The state of a replay. */
    private static final class ReplayState {

        private static final int REPORT_INTERVAL = 1 << 15;

        private final Optional<PetitionSlug> petition;
        private final HistoryBound bound;
        private final LongConsumer progress;
        private final ReplayProblems found;
        private final Fold fold = new Fold(new HashMap<>());
        private final SignatureStatuses statuses = new SignatureStatuses();
        private long last;
        private long problems;

        private ReplayState(
                Optional<PetitionSlug> petition, HistoryBound bound, LongConsumer progress, ReplayProblems found) {
            this.petition = petition;
            this.bound = bound;
            this.progress = progress;
            this.found = found;
        }

        void report(OptionalLong index, String text) {
            problems++;
            found.found(index, text);
        }

        void expect(long index) {
            if (index != last + 1) {
                throw new BrokenHistoryException("event " + (last + 1) + " is missing");
            }
            last = index;
        }

        void add(long index, ReplayedEvent replayed) {
            if ((index & REPORT_INTERVAL - 1) == 0) {
                progress.accept(index);
            }
            if (replayed.event.isEmpty()) {
                report(OptionalLong.of(index), "has no valid MAC");
                return;
            }
            CountedEvent event = replayed.event.get();
            if (petition.isPresent() && !petition.get().equals(event.petition())
                    || event.at().isAfter(bound.until())) {
                return;
            }
            follow(event, replayed.signature);
            try {
                fold.add(event);
            } catch (IllegalStateException e) {
                throw new BrokenHistoryException(String.valueOf(e.getMessage()));
            }
        }

        private void follow(CountedEvent event, Optional<UUID> signature) {
            signature
                    .flatMap(id -> event.transition()
                            .flatMap(move -> statuses.follow(id, move)
                                    .map(before -> "says that signature " + id + " was "
                                            + move.was().text() + ", but it was " + before.text())))
                    .ifPresent(problem -> report(OptionalLong.of(event.index()), problem));
        }
    }

    /** An event is missing or unreadable. */
    public static final class BrokenHistoryException extends RuntimeException {
        private BrokenHistoryException(String message) {
            super(message);
        }
    }
}
