package org.countersign.counter.counting;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.countersign.counter.milestone.Milestones;
import org.countersign.events.CountedEvent;
import org.countersign.events.EventType;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSlug;

/**
 * What a run of events, in log order, changes: folded in memory to one change per row before it touches the database.
 */
final class Batch {

    /** What one petition's events of the run change. */
    static final class Change {

        private final String petition;
        private final Tally tally;
        private final Map<String, Long> countries = new HashMap<>();
        private final Map<Long, MinuteChange> minutes = new HashMap<>();
        private MinuteChange newestMinute;

        private Change(String petition, Tally tally) {
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

        String petition() {
            return petition;
        }

        /** The petition's counts after the run. */
        Tally tally() {
            return tally;
        }

        /** What is added to the verified of each country. */
        Map<String, Long> countries() {
            return countries;
        }

        Collection<MinuteChange> minutes() {
            return minutes.values();
        }
    }

    /** Changes of one minute. */
    static final class MinuteChange {
        private final long minute;
        private long verified;
        private long signed;

        private MinuteChange(long minute) {
            this.minute = minute;
        }

        /** When the minute begins. */
        Instant begin() {
            return Instant.ofEpochSecond(minute * 60);
        }

        long verified() {
            return verified;
        }

        long signed() {
            return signed;
        }
    }

    private final Map<String, Tally> tallies;
    private final Map<String, Change> changes = new HashMap<>();
    private final List<MilestoneReached> milestones = new ArrayList<>();
    private Change newest;
    private int events;

    /** @param tallies the counts so far, by petition; the batch counts on in them */
    Batch(Map<String, Tally> tallies) {
        this.tallies = tallies;
    }

    void add(CountedEvent event) {
        events++;
        event.published().ifPresent(this::begin);
        Change change = change(event);
        change.tally.seen(event.index(), event.at());
        event.move().ifPresent(move -> count(event, move, change));
    }

    private void begin(PetitionPublished published) {
        Tally tally = new Tally(new Milestones(published.milestones(), published.goal()), 0, 0, 0, 0, 0, published.at());
        tallies.put(published.petition().value(), tally);
    }

    private Change change(CountedEvent event) {
        String petition = event.petition().value();
        // Most often it is the petition that the event before was of, too.
        if (newest == null || !newest.petition.equals(petition)) {
            newest = changes.computeIfAbsent(petition, key -> new Change(key, tallies.get(key)));
            if (newest.tally == null) {
                throw new IllegalStateException("event " + event.index() + " is of a petition that was never published");
            }
        }
        return newest;
    }

    private void count(CountedEvent event, CountedEvent.Move move, Change change) {
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

    private void addMilestones(CountedEvent event, Tally tally) {
        for (OptionalLong reached = tally.takeMilestoneReached(); reached.isPresent(); reached = tally.takeMilestoneReached()) {
            milestones.add(new MilestoneReached(event.petition(), event.at(), reached.getAsLong(), tally.milestones().goal(), event.index()));
        }
    }

    /** Notes an event that could not be read: it takes its place in the log and changes nothing. */
    void skip() {
        events++;
    }

    int events() {
        return events;
    }

    Collection<Change> changes() {
        return changes.values();
    }

    List<MilestoneReached> milestones() {
        return milestones;
    }
}
