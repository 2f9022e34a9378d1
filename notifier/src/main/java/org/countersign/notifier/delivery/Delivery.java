package org.countersign.notifier.delivery;

import java.util.Optional;
import java.util.UUID;

/**
 * Something that is to be sent.
 *
 * @param id        also what its repeats carry: in the Message-ID of a mail, in the webhook-id of a webhook
 * @param purpose   unique: what it is for
 * @param lane      what must go out in order has the same lane
 * @param signature whose signature it is about, for mails to signers
 * @param round     the round of that signature
 * @param webhook   where it goes, for webhooks
 * @param details   JSON with what else the text needs
 * @param trace     the trace id of the request that caused it
 * @param attempts  how often it was tried, this time included
 */
public record Delivery(UUID id, String purpose, Kind kind, Optional<String> lane, String petition, Optional<UUID> signature, int round,
                       Optional<UUID> webhook, Optional<String> details, Optional<String> trace, int attempts) {
}
