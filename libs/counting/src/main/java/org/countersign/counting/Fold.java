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

/**
 * What a run of events, in log order, changes: folded in memory to one change per petition, country and minute. A
 * counter folds a batch and stores what it changed; a replay folds the whole log.
 */
public final class Fold {

    /** What one petition's events of the run change. */
    public static final class Change {

        private final String petition;
        private final PetitionCounts tally;
        private final Map<String, Long> countries = new HashMap<>();
        private final Map<Long, MinuteChange> minutes = new HashMap<>();
        private MinuteChange newestMinute;

        private Change(String petition, PetitionCounts tally) {
            this.petition = petition;
            this.tally = tally;
        }

        private MinuteChange minute(Instant at) {
            long minute = Math.floorDiv(at.getEpochSecond(), 60L);
            if (newestMinute == null || newestMinute.minute != minute) {
                newestMinute = minutes.computeIfAbsent(minute, MinuteChange::new);
            }
            return newestMinute;
        }

        /** The petition's slug. */
        public String petition() {
            return petition;
        }

        /** The petition's counts after the run. */
        public PetitionCounts tally() {
            return tally;
        }

        /** What is added to the verified of each country. */
        public Map<String, Long> countries() {
            return countries;
        }

        /** What each minute in which something happened changes. */
        public Collection<MinuteChange> minutes() {
            return minutes.values();
        }
    }

    /** Changes of one minute. */
    public static final class MinuteChange {
        private final long minute;
        private long verified;
        private long signed;

        private MinuteChange(long minute) {
            this.minute = minute;
        }

        /** When the minute begins. */
        public Instant begin() {
            return Instant.ofEpochSecond(minute * 60);
        }

        /** What is added to the verified. */
        public long verified() {
            return verified;
        }

        /** How many signed. */
        public long signed() {
            return signed;
        }
    }

    private final Map<String, PetitionCounts> tallies;
    private final Map<String, Change> changes = new HashMap<>();
    private final List<MilestoneReached> milestones = new ArrayList<>();
    private Change newest;
    private long events;

    /** @param tallies the counts so far, by petition; the fold counts on in them */
    public Fold(Map<String, PetitionCounts> tallies) {
        this.tallies = tallies;
    }

    /**
     * Counts the next event of the log.
     *
     * @throws IllegalStateException if its petition was never published
     */
    public void add(CountedEvent event) {
        events++;
        event.published().ifPresent(this::begin);
        Change change = change(event);
        change.tally.seen(event.index(), event.at());
        event.transition().ifPresent(move -> count(event, move, change));
    }

    private void begin(PetitionPublished published) {
        PetitionCounts tally = new PetitionCounts(
                new Milestones(published.milestones(), published.goal()), 0, 0, 0, 0, 0, published.at());
        tallies.put(published.petition().value(), tally);
    }

    private Change change(CountedEvent event) {
        String petition = event.petition().value();
        // Most often it is the petition that the event before was of, too.
        if (newest == null || !newest.petition.equals(petition)) {
            newest = changes.computeIfAbsent(petition, key -> new Change(key, tallies.get(key)));
            if (newest.tally == null) {
                throw new IllegalStateException(
                        "event " + event.index() + " is of a petition that was never published");
            }
        }
        return newest;
    }

    private void count(CountedEvent event, StatusTransition move, Change change) {
        change.tally.count(move);
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
            addMilestones(event, change.tally);
        }
    }

    private void addMilestones(CountedEvent event, PetitionCounts tally) {
        for (OptionalLong reached = tally.takeMilestoneReached();
                reached.isPresent();
                reached = tally.takeMilestoneReached()) {
            milestones.add(new MilestoneReached(
                    event.petition(),
                    event.at(),
                    reached.getAsLong(),
                    tally.milestones().goal(),
                    event.index()));
        }
    }

    /** Notes an event that could not be read: it takes its place in the log and changes nothing. */
    public void skip() {
        events++;
    }

    /** How many events were taken in. */
    public long events() {
        return events;
    }

    /** What the petitions changed to which something happened. */
    public Collection<Change> changes() {
        return changes.values();
    }

    /** The milestones that were reached, in the order in which they were. */
    public List<MilestoneReached> milestones() {
        return milestones;
    }
}
