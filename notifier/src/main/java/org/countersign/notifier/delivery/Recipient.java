package org.countersign.notifier.delivery;

import java.util.UUID;

/** The recipient of a delivery: a pseudonym. The signature service knows the address. */
public sealed interface Recipient {

    /**
     * A signer.
     *
     * @param signature the signature
     * @param round the round of the signature
     */
    record Signer(UUID signature, int round) implements Recipient {}

    /** The organiser of the petition. */
    record PetitionOrganiser() implements Recipient {}

    /** A person to whom the organiser has milestone mails sent. */
    record AlertRecipient(UUID alert) implements Recipient {}

    /** A receiver of webhook calls. */
    record WebhookTarget(UUID webhook) implements Recipient {}
}
