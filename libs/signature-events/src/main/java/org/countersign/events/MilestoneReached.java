package org.countersign.events;

import java.time.Instant;

/**
 * A petition's verified count reached a milestone for the first time. Told once, also if the count falls below and
 * rises again.
 *
 * @param at the time of the event that reached it
 * @param threshold the milestone
 * @param goal what the petition wants in all
 * @param reachedBy the global index of the event that reached it
 */
public record MilestoneReached(PetitionSlug petition, Instant at, long threshold, long goal, long reachedBy)
        implements Event {}
