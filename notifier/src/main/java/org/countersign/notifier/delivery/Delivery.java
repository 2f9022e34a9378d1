package org.countersign.notifier.delivery;

import java.util.Optional;
import java.util.UUID;
import org.countersign.support.id.NameBasedUuid;

/**
 * A mail or webhook call to send.
 *
 * @param id derived from the purpose, so that planning twice adds nothing. Repeats carry it as Message-ID or webhook-id
 * @param kind the kind of mail, or webhook call
 * @param recipient the recipient
 * @param content the subject matter
 * @param lane the lane, if order matters. Deliveries of one lane are sent in order
 * @param trace the trace id of the request that caused it
 */
public record Delivery(
        UUID id,
        DeliveryKind kind,
        Recipient recipient,
        Content content,
        Optional<String> lane,
        Optional<String> trace) {

    /**
     * The subject matter of a delivery.
     *
     * @param petition the petition's slug
     * @param details more data as JSON: the milestone of a mail, or the whole body of a webhook call
     */
    public record Content(String petition, Optional<String> details) {

        /** Returns content that names only the petition. */
        public static Content of(String petition) {
            return new Content(petition, Optional.empty());
        }
    }

    /** Returns the id of the one delivery with this purpose. */
    public static UUID idFor(String purpose) {
        return NameBasedUuid.ofName(purpose);
    }
}
