package org.countersign.events;

import java.time.Instant;

/** A fact that has happened and never changes. */
public sealed interface Event permits PetitionEvent, SignatureEvent, MilestoneReached {

    /** Returns the petition. */
    PetitionSlug petition();

    /** Returns the time by the clock of the service that decided. */
    Instant at();
}
