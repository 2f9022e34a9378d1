package org.countersign.events;

import java.time.Instant;

/** The petition was closed. It takes no more signatures, and earlier ones can be confirmed for a day. */
public record PetitionClosed(PetitionSlug petition, Instant at) implements PetitionEvent {}
