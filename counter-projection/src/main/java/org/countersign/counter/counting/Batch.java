package org.countersign.counter.counting;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.countersign.counter.milestone.Milestones;
import org.countersign.events.Event;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSigned;
import org.countersign.events.RecordedEvent;
import org.countersign.events.SignatureEvent;

/**
 * What a run of events, in log order, changes: folded in memory to one change per row before it touches the database.
 */
final class Batch {

    record CountryKey(String petition, String country) {
    }

    record MinuteKey(String petition, Instant minute) {
    }

    /** Changes of one minute. */
    static final class MinuteChange {
        private long verified;
        private long signed;

        long verified() {
            return verified;
        }

        long signed() {
            return signed;
        }
    }

    private final Map<String, Tally> tallies;
    private final Set<String> changed = new HashSet<>();
    private final Map<CountryKey, Long> countries = new HashMap<>();
    private final Map<MinuteKey, MinuteChange> minutes = new HashMap<>();
    private final List<MilestoneReached> milestones = new ArrayList<>();
    private int events;

    /** @param tallies the counts so far, by petition; the batch counts on in them */
    Batch(Map<String, Tally> tallies) {
        this.tallies = tallies;
    }

    void add(RecordedEvent recorded) {
        events++;
        Event event = recorded.event();
        String petition = event.petition().value();
        if (event instanceof PetitionPublished published) {
            tallies.put(petition, new Tally(new Milestones(published.milestones(), published.goal()), 0, 0, 0, 0, recorded.index(), event.at()));
        }
        Tally tally = tallies.get(petition);
        if (tally == null) {
            throw new IllegalStateException("event " + recorded.index() + " is of a petition that was never published");
        }
        tally.seen(recorded.index(), event.at());
        changed.add(petition);
        if (event instanceof SignatureEvent signature) {
            count(recorded.index(), signature, tally);
        }
    }

    private void count(long index, SignatureEvent event, Tally tally) {
        tally.count(event);
        int delta = event.verifiedDelta();
        boolean signed = event instanceof PetitionSigned;
        if (delta == 0 && !signed) {
            return;
        }
        String petition = event.petition().value();
        MinuteChange minute = minutes.computeIfAbsent(new MinuteKey(petition, event.at().truncatedTo(ChronoUnit.MINUTES)), key -> new MinuteChange());
        minute.signed += signed ? 1 : 0;
        minute.verified += delta;
        if (delta != 0) {
            countries.merge(new CountryKey(petition, event.country().value()), (long) delta, Long::sum);
        }
        for (OptionalLong reached = tally.takeMilestoneReached(); reached.isPresent(); reached = tally.takeMilestoneReached()) {
            milestones.add(new MilestoneReached(event.petition(), event.at(), reached.getAsLong(), tally.milestones().goal(), index));
        }
    }

    /** Notes an event that could not be read: it takes its place in the log and changes nothing. */
    void skip() {
        events++;
    }

    int events() {
        return events;
    }

    Set<String> changed() {
        return changed;
    }

    Tally tally(String petition) {
        return tallies.get(petition);
    }

    Map<CountryKey, Long> countries() {
        return countries;
    }

    Map<MinuteKey, MinuteChange> minutes() {
        return minutes;
    }

    List<MilestoneReached> milestones() {
        return milestones;
    }
}
