package org.countersign.events;

import java.time.Instant;

/**
 * A petition's verified count reached a milestone for the first time. A milestone is reached once, even if the count
 * falls and rises again.
 *
 * @param petition the petition's slug
 * @param at the time of the event that reached it
 * @param threshold the milestone
 * @param goal the goal of the petition
 * @param reachedBy the global index of the event that reached it
 */
public record MilestoneReached(PetitionSlug petition, Instant at, long threshold, long goal, long reachedBy)
        implements Event {}
