package org.countersign.maildata;

import java.util.UUID;

/**
 * Whom a mail reaches, for the limits of the notifier. The notifier stores the two keys, and never the domain.
 *
 * @param key a keyed hash of the canonical address. All spellings of one mailbox have the same
 * @param domain the domain of the canonical address, to find its limit
 * @param domainKey a keyed hash of the domain
 * @param suppressed whether the recipient wants no mail at all
 */
public record MailRecipient(UUID key, String domain, UUID domainKey, boolean suppressed) {

    /** Hides the domain, which may be that of a single person. */
    @Override
    public String toString() {
        return "MailRecipient[…]";
    }
}
