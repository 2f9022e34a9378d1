package org.countersign.notifier.delivery;

import java.util.UUID;

/** The recipient of a delivery, as a pseudonym. Only the signature service knows the address. */
public sealed interface Recipient {

    /**
     * A signer.
     *
     * @param signature the signature
     * @param round the round of the signature
     */
    record SignerRecipient(UUID signature, int round) implements Recipient {}

    /** The organiser of the petition. */
    record OrganiserRecipient() implements Recipient {}

    /**
     * A recipient of milestone mails that the organiser added.
     *
     * @param alert the id of the alert
     */
    record AlertRecipient(UUID alert) implements Recipient {}

    /**
     * Somebody who is invited to work for an organisation.
     *
     * @param invitation the id of the invitation
     */
    record InvitedRecipient(UUID invitation) implements Recipient {}

    /**
     * A receiver of webhook calls.
     *
     * @param webhook the id of the webhook
     */
    record WebhookRecipient(UUID webhook) implements Recipient {}
}
