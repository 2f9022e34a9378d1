package org.countersign.notifier.delivery;

import java.util.Optional;
import java.util.UUID;
import org.countersign.support.id.NameBasedUuid;

/**
 * Something that is to be sent.
 *
 * @param id made from what it is for, so that planning twice plans once; also what its repeats carry: in the Message-ID
 *     of a mail, in the webhook-id of a webhook
 * @param lane what must go out in order has the same lane
 * @param signature whose signature it is about, for mails to signers
 * @param round the round of that signature
 * @param alert the alert it is sent for, for mails to whom the organiser wants told
 * @param webhook where it goes, for webhooks
 * @param details JSON with what else the text needs
 * @param trace the trace id of the request that caused it
 * @param attempts how often it was tried, this time included
 */
public record Delivery(
        UUID id,
        DeliveryKind kind,
        Optional<String> lane,
        String petition,
        Optional<UUID> signature,
        int round,
        Optional<UUID> alert,
        Optional<UUID> webhook,
        Optional<String> details,
        Optional<String> trace,
        int attempts) {

    /** Returns the id of the one delivery with this purpose. */
    public static UUID idFor(String purpose) {
        return NameBasedUuid.ofName(purpose);
    }
}
