package org.countersign.counter.live;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The counts of a petition as the API shows them.
 *
 * @param petition the petition's slug
 * @param verified the verified count
 * @param pending the number of pending signatures
 * @param withdrawn the number of withdrawn signatures
 * @param goal the goal
 * @param nextMilestone the next milestone, null if there is none
 * @param lastMilestone the last reached milestone, null if there is none
 * @param asOfIndex the global index of the last counted event
 * @param asOf the time of that event
 */
public record Counts(
        String petition,
        long verified,
        long pending,
        long withdrawn,
        long goal,
        @Nullable Long nextMilestone,
        @Nullable Long lastMilestone,
        long asOfIndex,
        Instant asOf) {}
