package org.countersign.events;

import java.util.UUID;

/**
 * What can happen to an alert: to whether somebody, other than organiser and signers, is told of a petition's
 * milestones by mail.
 */
public sealed interface AlertEvent extends PetitionEvent permits AlertRequested, AlertStopped {

    /** Whose alert it is: a keyed hash of petition and address. */
    UUID alert();
}
