package org.countersign.events;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The organiser wants somebody told of milestones by mail. Requested again, it takes the place of what was requested
 * before.
 *
 * @param milestones of which ones, rising; empty for each
 * @param recipient name, address and language of whom to tell, sealed
 */
public record AlertRequested(UUID alert, PetitionSlug petition, Instant at, List<Long> milestones, Sealed recipient)
        implements AlertEvent {

    public AlertRequested {
        milestones = List.copyOf(milestones);
    }
}
