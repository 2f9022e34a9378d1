package org.countersign.signature.audit;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.countersign.counting.CountedEvent;
import org.countersign.counting.Fold;
import org.countersign.counting.StatusTransition;
import org.countersign.events.InvalidationCaseOpened;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionSlug;
import org.countersign.events.PrivacyNoticeChanged;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SigningRulesChanged;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.PrefetchingReader;
import org.countersign.signature.eventlog.StoredEvent;
import org.springframework.stereotype.Component;

/** Describes day by day how a petition's count developed, from the events of the log. */
@Component
public class PetitionTimelines {

    /** The maximum number of listed decisions. Further ones are only counted. */
    private static final int MAX_LISTED_DECISIONS = 1000;

    private static final int PAGE_SIZE = 5000;

    /**
     * An entry of the timeline.
     *
     * @param index the index of the event
     * @param at its time
     * @param text a sentence
     * @param signature the signature of the event, if it has one
     */
    public record TimelineEntry(long index, Instant at, String text, Optional<SignatureId> signature) {}

    /** A day (UTC) with at least one event. */
    public static final class TimelineDay {

        private final LocalDate date;
        private final List<TimelineEntry> entries = new ArrayList<>();
        private long signed;
        private long added;
        private long removed;
        private long total;

        private TimelineDay(LocalDate date) {
            this.date = date;
        }

        /** Returns the date. */
        public LocalDate date() {
            return date;
        }

        /** Returns the entries of the day, in log order. */
        public List<TimelineEntry> entries() {
            return entries;
        }

        /** Returns the number of sign calls. */
        public long signed() {
            return signed;
        }

        /** Returns the number of signatures that were confirmed or reinstated. */
        public long added() {
            return added;
        }

        /** Returns the number of signatures that were withdrawn or invalidated. */
        public long removed() {
            return removed;
        }

        /** Returns the verified count at the end of the day. */
        public long total() {
            return total;
        }
    }

    /**
     * The timeline of a petition.
     *
     * @param days the days with events
     * @param verified the current verified count
     * @param upTo the index of the last event
     * @param unlisted the number of decisions that are not listed
     */
    public record PetitionTimeline(List<TimelineDay> days, long verified, long upTo, long unlisted) {}

    private final EventLog log;

    PetitionTimelines(EventLog log) {
        this.log = log;
    }

    /** Describes a petition. Reads its whole history. */
    public PetitionTimeline of(PetitionSlug petition) {
        TimelineBuilder builder = new TimelineBuilder();
        new PrefetchingReader<>(
                        0, PAGE_SIZE, (after, limit) -> log.ofPetitionAfter(petition, after, limit), event -> event)
                .forEachWhile(event -> {
                    builder.add(event);
                    return true;
                });
        return builder.build();
    }

    private static final class TimelineBuilder {

        private final TreeMap<LocalDate, TimelineDay> days = new TreeMap<>();
        private final Fold fold = new Fold(new HashMap<>());
        private long verified;
        private long listed;
        private long unlisted;
        private long last;

        void add(StoredEvent stored) {
            last = stored.index();
            LocalDate date = stored.at().atOffset(ZoneOffset.UTC).toLocalDate();
            TimelineDay today = days.computeIfAbsent(date, TimelineDay::new);
            CountedEvent counted = stored.counted();
            fold.add(counted);
            int delta =
                    counted.transition().map(StatusTransition::verifiedDelta).orElse(0);
            verified += delta;
            today.total = verified;
            today.added += Math.max(0, delta);
            today.removed += Math.max(0, -delta);
            switch (stored.type()) {
                case PETITION_SIGNED -> today.signed++;
                case PETITION_PUBLISHED ->
                    list(
                            today,
                            stored,
                            "The petition was published; its goal is %,d."
                                    .formatted(counted.published().orElseThrow().goal()));
                case PETITION_CLOSED -> list(today, stored, "The petition was closed.");
                case PETITION_REOPENED -> list(today, stored, "The petition was opened again.");
                case SIGNING_RULES_CHANGED ->
                    list(
                            today,
                            stored,
                            "The signing rules were changed: "
                                    + ((SigningRulesChanged) stored.recorded().event()).reason());
                case INVALIDATION_CASE_OPENED -> list(today, stored, sentence(stored));
                case SIGNING_ATTACK_DETECTED -> list(today, stored, "The sign calls looked like an attack.");
                case PRIVACY_NOTICE_CHANGED ->
                    list(
                            today,
                            stored,
                            "The privacy notice was changed; version %d applies to signings from then on."
                                    .formatted(((PrivacyNoticeChanged)
                                                    stored.recorded().event())
                                            .version()));
                case SIGNATURE_INVALIDATED, SIGNATURE_REINSTATED -> listDecision(today, stored);
                default -> {
                    // The numbers of the day show these events.
                }
            }
        }

        private static String sentence(StoredEvent stored) {
            InvalidationCaseOpened opened =
                    (InvalidationCaseOpened) stored.recorded().event();
            return "A case began that declares %,d signatures invalid, %,d of which counted. The reason given: “%s”"
                    .formatted(opened.signatures(), opened.counted(), opened.reason());
        }

        private void listDecision(TimelineDay today, StoredEvent stored) {
            if (listed++ < MAX_LISTED_DECISIONS) {
                list(today, stored, SignatureNarratives.sentence((SignatureEvent)
                        stored.recorded().event()));
            } else {
                unlisted++;
            }
        }

        private static void list(TimelineDay day, StoredEvent stored, String text) {
            day.entries.add(new TimelineEntry(stored.index(), stored.at(), text, stored.signature()));
        }

        PetitionTimeline build() {
            for (MilestoneReached reached : fold.milestones()) {
                TimelineDay day = Objects.requireNonNull(
                        days.get(reached.at().atOffset(ZoneOffset.UTC).toLocalDate()),
                        "a milestone follows an event of its day");
                day.entries.add(new TimelineEntry(
                        reached.reachedBy(),
                        reached.at(),
                        "The milestone of %,d was reached.".formatted(reached.threshold()),
                        Optional.empty()));
                day.entries.sort(Comparator.comparingLong(TimelineEntry::index));
            }
            return new PetitionTimeline(List.copyOf(days.values()), verified, last, unlisted);
        }
    }
}
