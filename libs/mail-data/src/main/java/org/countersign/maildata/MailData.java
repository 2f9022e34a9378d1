package org.countersign.maildata;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * To whom a mail goes and what it links to. The call returns null instead, if the personal data was erased.
 *
 * @param name the reader's name
 * @param email the reader's address
 * @param language the reader's language tag (BCP 47), if it is known
 * @param links the links of the mail
 * @param recipient the recipient as a pseudonym. A signature service of an earlier release does not send it
 * @param remind whether the signer may be reminded now. Only the answer about a reminder has it
 * @param organisation the name of the organisation that invites, for invitations
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MailData(
        String name,
        String email,
        @Nullable String language,
        MailLinks links,
        @Nullable MailRecipient recipient,
        @Nullable Boolean remind,
        @Nullable String organisation) {

    /** The data of a mail that is neither a reminder nor an invitation. */
    public MailData(
            String name, String email, @Nullable String language, MailLinks links, @Nullable MailRecipient recipient) {
        this(name, email, language, links, recipient, null, null);
    }

    /** Hides the personal data. */
    @Override
    public String toString() {
        return "MailData[…]";
    }
}
