package org.countersign.counter.live;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The counts of a petition as the public sees them. Only public events change them: other events would tell whether an
 * address has signed.
 *
 * @param petition the petition's slug
 * @param verified the verified count
 * @param goal the goal
 * @param nextMilestone the next milestone, null if there is none
 * @param lastMilestone the last reached milestone, null if there is none
 * @param asOf the time of the petition's newest public event
 * @param position the public position of the petition's newest public entry, 0 while it is not counted
 */
public record Counts(
        String petition,
        long verified,
        long goal,
        @Nullable Long nextMilestone,
        @Nullable Long lastMilestone,
        Instant asOf,
        long position) {}
