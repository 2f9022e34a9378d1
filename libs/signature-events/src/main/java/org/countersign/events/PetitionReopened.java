package org.countersign.events;

import java.time.Instant;

/** The petition was reopened and can be signed again. */
public record PetitionReopened(PetitionSlug petition, Instant at) implements PetitionEvent {}
