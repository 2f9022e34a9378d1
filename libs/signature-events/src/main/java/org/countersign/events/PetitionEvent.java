package org.countersign.events;

/** What can happen to a petition. */
public sealed interface PetitionEvent extends Event
        permits PetitionPublished, PetitionClosed, PetitionReopened, AlertEvent {}
