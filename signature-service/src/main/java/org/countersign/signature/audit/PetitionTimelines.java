package org.countersign.signature.audit;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.countersign.counting.CountedEvent;
import org.countersign.counting.Fold;
import org.countersign.counting.StatusTransition;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.PrefetchingReader;
import org.countersign.signature.eventlog.StoredEvent;
import org.springframework.stereotype.Component;

/** Tells how a petition's number came about, day by day, from the events in the log alone. */
@Component
public class PetitionTimelines {

    /** More than a person reads: of what organisers did to single signatures no more is told, only counted. */
    private static final int MOST_TO_TELL = 1000;

    private static final int PAGE = 5000;

    /**
     * Something worth telling by itself.
     *
     * @param index of its event in the log
     * @param signature whose signature it happened to, if it did
     */
    public record Moment(long index, Instant at, String text, Optional<SignatureId> signature) {}

    /** A day, in UTC, on which something happened. */
    public static final class Day {

        private final LocalDate date;
        private final List<Moment> moments = new ArrayList<>();
        private long signed;
        private long joined;
        private long left;
        private long total;

        private Day(LocalDate date) {
            this.date = date;
        }

        /** Which day. */
        public LocalDate date() {
            return date;
        }

        /** What happened on it that is worth telling by itself, in log order. */
        public List<Moment> moments() {
            return moments;
        }

        /** How many signed. */
        public long signed() {
            return signed;
        }

        /** How many signatures began to count: confirmed or reinstated. */
        public long joined() {
            return joined;
        }

        /** How many signatures ceased to count: withdrawn or declared invalid. */
        public long left() {
            return left;
        }

        /** How many counted at its end. */
        public long total() {
            return total;
        }
    }

    /**
     * What happened to a petition.
     *
     * @param days those on which something happened
     * @param verified how many count now
     * @param upTo the index of the last event
     * @param untold how many decisions of organisers about signatures are not told by themselves
     */
    public record Course(List<Day> days, long verified, long upTo, long untold) {}

    private final EventLog log;

    PetitionTimelines(EventLog log) {
        this.log = log;
    }

    /** What happened to a petition; reads all of its history. */
    public Course of(PetitionSlug petition) {
        Telling telling = new Telling();
        new PrefetchingReader<>(0, PAGE, (after, limit) -> log.ofPetitionAfter(petition, after, limit), event -> event)
                .forEachWhile(event -> {
                    telling.happened(event);
                    return true;
                });
        return telling.course();
    }

    private static final class Telling {

        private final TreeMap<LocalDate, Day> days = new TreeMap<>();
        private final Fold fold = new Fold(new HashMap<>());
        private Day today;
        private long verified;
        private long told;
        private long untold;
        private long last;

        void happened(StoredEvent stored) {
            last = stored.index();
            LocalDate date = stored.at().atOffset(ZoneOffset.UTC).toLocalDate();
            if (today == null || !today.date.equals(date)) {
                today = days.computeIfAbsent(date, Day::new);
            }
            CountedEvent counted = stored.counted();
            fold.add(counted);
            int delta =
                    counted.transition().map(StatusTransition::verifiedDelta).orElse(0);
            verified += delta;
            today.total = verified;
            today.joined += Math.max(0, delta);
            today.left += Math.max(0, -delta);
            switch (stored.type()) {
                case PETITION_SIGNED -> today.signed++;
                case PETITION_PUBLISHED ->
                    tell(
                            stored,
                            "The petition was published; its goal is %,d."
                                    .formatted(counted.published().orElseThrow().goal()));
                case PETITION_CLOSED -> tell(stored, "The petition was closed.");
                case PETITION_REOPENED -> tell(stored, "The petition was opened again.");
                case SIGNATURE_INVALIDATED, SIGNATURE_REINSTATED -> decided(stored);
                default -> {
                    // Told by the numbers of its day.
                }
            }
        }

        private void decided(StoredEvent stored) {
            if (told++ < MOST_TO_TELL) {
                tell(stored, SignatureNarrative.sentence((SignatureEvent)
                        stored.recorded().event()));
            } else {
                untold++;
            }
        }

        private void tell(StoredEvent stored, String text) {
            today.moments.add(new Moment(stored.index(), stored.at(), text, stored.signature()));
        }

        Course course() {
            for (MilestoneReached reached : fold.milestones()) {
                Day day = days.get(reached.at().atOffset(ZoneOffset.UTC).toLocalDate());
                day.moments.add(new Moment(
                        reached.reachedBy(),
                        reached.at(),
                        "The milestone of %,d was reached.".formatted(reached.threshold()),
                        Optional.empty()));
                day.moments.sort(Comparator.comparingLong(Moment::index));
            }
            return new Course(List.copyOf(days.values()), verified, last, untold);
        }
    }
}
