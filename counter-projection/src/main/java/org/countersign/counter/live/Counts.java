package org.countersign.counter.live;

import java.time.Instant;

/**
 * Where a petition stands, as the API shows it.
 *
 * @param nextMilestone the next count people are told of, null if there is none
 * @param lastMilestone the last one that was reached, null if none was
 * @param asOfIndex the global index of the last event that is counted in
 */
public record Counts(
        String petition,
        long verified,
        long pending,
        long withdrawn,
        long goal,
        Long nextMilestone,
        Long lastMilestone,
        long asOfIndex,
        Instant asOf) {}
