package org.countersign.maildata;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The finished links of a mail. A link that its reader has no use for is absent.
 *
 * @param petition the petition page; in an invitation, the page of the invitation
 * @param confirm the page where the signer confirms
 * @param withdraw the page where the signer withdraws
 * @param unsubscribe the page that stops these mails; mail programs post to it (RFC 8058)
 * @param myData the page where the signer reads and erases the stored data
 * @param receipt the receipt of the signature
 * @param neverWrite the page that stops all mails about all petitions
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MailLinks(
        String petition,
        @Nullable String confirm,
        @Nullable String withdraw,
        @Nullable String unsubscribe,
        @Nullable String myData,
        @Nullable String receipt,
        @Nullable String neverWrite) {

    /** Hides the links, which grant access. */
    @Override
    public String toString() {
        return "MailLinks[…]";
    }
}
