package org.countersign.events;

import java.time.Instant;

/** Something that has happened and stays true for ever. */
public sealed interface Event permits PetitionEvent, SignatureEvent, MilestoneReached {

    /** The petition it happened to. */
    PetitionSlug petition();

    /** When it happened, by the clock of the service that decided it. */
    Instant at();
}
