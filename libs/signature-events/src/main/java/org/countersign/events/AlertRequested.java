package org.countersign.events;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The organiser requested milestone mails for a recipient. A repeated request replaces the earlier one.
 *
 * @param alert the alert
 * @param petition its petition
 * @param at when it happened
 * @param milestones the chosen milestones, rising; empty for every milestone
 * @param recipient the recipient's name, address and language, encrypted
 */
public record AlertRequested(UUID alert, PetitionSlug petition, Instant at, List<Long> milestones, Sealed recipient)
        implements AlertEvent {

    public AlertRequested {
        milestones = List.copyOf(milestones);
    }
}
