package org.countersign.notifier.petition;

import java.util.OptionalLong;
import org.countersign.counting.Milestones;

/**
 * What notifications say about a petition.
 *
 * @param title the title
 * @param language the language of the petition, a BCP 47 tag
 * @param milestones the goal and the other milestones
 */
public record PetitionFacts(String title, String language, Milestones milestones) {

    /** Returns the number of signatures that the petition wants. */
    public long goal() {
        return milestones.goal();
    }

    /** Returns the milestone after a count, unless there is none or it is the goal. */
    public OptionalLong nextMilestoneBesideGoal(long count) {
        OptionalLong next = milestones.after(count);
        return next.isPresent() && next.getAsLong() == goal() ? OptionalLong.empty() : next;
    }
}
