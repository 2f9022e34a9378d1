package org.countersign.events;

import java.time.Instant;
import java.util.UUID;

/**
 * A recipient gets no more milestone mails. The key of name and address was destroyed.
 *
 * @param alert the alert
 * @param petition its petition
 * @param at when it happened
 * @param byRecipient whether the recipient stopped the mails; nobody can request them again then
 */
public record AlertStopped(UUID alert, PetitionSlug petition, Instant at, boolean byRecipient) implements AlertEvent {}
