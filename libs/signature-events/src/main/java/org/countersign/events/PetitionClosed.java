package org.countersign.events;

import java.time.Instant;

/** The petition takes no more signatures; those made before may still be confirmed for a day. */
public record PetitionClosed(PetitionSlug petition, Instant at) implements PetitionEvent {}
