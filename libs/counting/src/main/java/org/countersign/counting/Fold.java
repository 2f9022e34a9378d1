package org.countersign.counting;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.countersign.events.EventType;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionPublished;
import org.jspecify.annotations.Nullable;

/**
 * Folds events in log order into changes per petition, country and minute. A counter folds a batch and stores its
 * changes. A replay folds the whole log.
 *
 * <p>Each public event and each milestone takes the next public position, over all petitions. A milestone has the
 * position after the event that reached it.
 */
public final class Fold {

    /** The changes of one petition. */
    public static final class PetitionDelta {

        private final String petition;
        private final PetitionCounts counts;
        private final Map<String, Long> countries = new HashMap<>();
        private final Map<Long, MinuteChange> minutes = new HashMap<>();
        private @Nullable MinuteChange newestMinute;

        private PetitionDelta(String petition, PetitionCounts counts) {
            this.petition = petition;
            this.counts = counts;
        }

        private MinuteChange minute(Instant at) {
            long minute = Math.floorDiv(at.getEpochSecond(), 60L);
            MinuteChange newest = newestMinute;
            if (newest == null || newest.minute != minute) {
                newest = minutes.computeIfAbsent(minute, MinuteChange::new);
                newestMinute = newest;
            }
            return newest;
        }

        /** Returns the petition's slug. */
        public String petition() {
            return petition;
        }

        /** Returns the counts after the last event. */
        public PetitionCounts counts() {
            return counts;
        }

        /** Returns the change of the verified count by country. */
        public Map<String, Long> countries() {
            return countries;
        }

        /** Returns the changes by minute. */
        public Collection<MinuteChange> minutes() {
            return minutes.values();
        }
    }

    /** The changes of one minute. */
    public static final class MinuteChange {
        private final long minute;
        private long verified;
        private long signed;

        private MinuteChange(long minute) {
            this.minute = minute;
        }

        /** Returns the start of the minute. */
        public Instant begin() {
            return Instant.ofEpochSecond(minute * 60);
        }

        /** Returns the change of the verified count. */
        public long verified() {
            return verified;
        }

        /** Returns the number of sign events. */
        public long signed() {
            return signed;
        }
    }

    /**
     * A reached milestone with its place in the public log.
     *
     * @param position the public position
     * @param event the milestone
     */
    public record PublicMilestone(long position, MilestoneReached event) {}

    private final Map<String, PetitionCounts> counts;
    private final Map<String, PetitionDelta> changes = new HashMap<>();
    private final List<PublicMilestone> milestones = new ArrayList<>();
    private @Nullable PetitionDelta newest;
    private long events;
    private long position;

    /**
     * Starts a fold at the beginning of the log.
     *
     * @param counts the counts so far by petition; the fold changes them
     */
    public Fold(Map<String, PetitionCounts> counts) {
        this(counts, 0);
    }

    /**
     * Continues after a public position.
     *
     * @param counts the counts so far by petition; the fold changes them
     * @param position the public position of the last entry, 0 if there is none
     */
    public Fold(Map<String, PetitionCounts> counts, long position) {
        this.counts = counts;
        this.position = position;
    }

    /** Tells whether the petition of an event is known, or published by the event. */
    public boolean knows(CountedEvent event) {
        return event.published().isPresent()
                || counts.containsKey(event.petition().value());
    }

    /**
     * Adds the next event of the log.
     *
     * @throws IllegalStateException if its petition was never published; the fold does not change
     */
    public void add(CountedEvent event) {
        event.published().ifPresent(this::begin);
        PetitionDelta change = change(event);
        events++;
        change.counts.seen(event.index());
        if (event.isPublic()) {
            change.counts.publiclySeen(++position, event.at());
        }
        event.transition().ifPresent(move -> count(event, move, change));
    }

    private void begin(PetitionPublished published) {
        PetitionCounts initial = new PetitionCounts(
                new Milestones(published.milestones(), published.goal()), Map.of(), 0, 0, 0, published.at());
        counts.put(published.petition().value(), initial);
    }

    private PetitionDelta change(CountedEvent event) {
        String petition = event.petition().value();
        // Most events are of the same petition as the event before.
        PetitionDelta change = newest;
        if (change == null || !change.petition.equals(petition)) {
            PetitionCounts before = counts.get(petition);
            if (before == null) {
                throw new IllegalStateException(
                        "Event " + event.index() + " is of a petition that was never published");
            }
            change = changes.computeIfAbsent(petition, key -> new PetitionDelta(key, before));
            newest = change;
        }
        return change;
    }

    private void count(CountedEvent event, StatusTransition move, PetitionDelta change) {
        change.counts.count(move);
        int delta = move.verifiedDelta();
        boolean signed = event.type() == EventType.PETITION_SIGNED;
        if (delta == 0 && !signed) {
            return;
        }
        MinuteChange minute = change.minute(event.at());
        minute.signed += signed ? 1 : 0;
        minute.verified += delta;
        if (delta != 0) {
            change.countries.merge(move.country().value(), (long) delta, Long::sum);
            addMilestones(event, change.counts);
        }
    }

    private void addMilestones(CountedEvent event, PetitionCounts petitionCounts) {
        for (OptionalLong reached = petitionCounts.takeMilestoneReached();
                reached.isPresent();
                reached = petitionCounts.takeMilestoneReached()) {
            petitionCounts.publiclySeen(++position, event.at());
            milestones.add(new PublicMilestone(
                    position,
                    new MilestoneReached(
                            event.petition(),
                            event.at(),
                            reached.getAsLong(),
                            petitionCounts.milestones().goal(),
                            event.index())));
        }
    }

    /** Skips an unreadable event. It has a place in the log and changes nothing. */
    public void skip() {
        events++;
    }

    /** Returns the number of events. */
    public long events() {
        return events;
    }

    /** Returns the changed petitions. */
    public Collection<PetitionDelta> changes() {
        return changes.values();
    }

    /** Returns the public position of the last entry. */
    public long position() {
        return position;
    }

    /** Returns the reached milestones in order. */
    public List<MilestoneReached> milestones() {
        return milestones.stream().map(PublicMilestone::event).toList();
    }

    /** Returns the reached milestones in order, with their positions. */
    public List<PublicMilestone> publicMilestones() {
        return milestones;
    }
}
