package org.countersign.events;

import java.util.UUID;

/** An event of an alert: milestone mails to a recipient whom the organiser named. */
public sealed interface AlertEvent extends PetitionEvent permits AlertRequested, AlertStopped {

    /** Returns the alert: a keyed hash of petition and address. */
    UUID alert();
}
