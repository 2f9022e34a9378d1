package org.countersign.events;

import java.time.Instant;
import java.util.UUID;

/**
 * Somebody is told of milestones no more; the key to their name and address was destroyed.
 *
 * @param byRecipient whether they wanted so themselves: then they are not to be asked again
 */
public record AlertStopped(UUID alert, PetitionSlug petition, Instant at, boolean byRecipient) implements AlertEvent {}
