package org.countersign.notifier.mail;

import org.jspecify.annotations.Nullable;

/**
 * What a mail shows. It is public for the compiled template, which is in a package of its own.
 *
 * @param lang the language tag
 * @param dir the direction of writing
 * @param goal the petition's goal, if the text does not contain it
 * @param picture the alternative text of the picture of the progress
 * @param next the next milestone
 * @param receipt the link to the receipt
 * @param reason why the reader gets the mail
 * @param leave the link that ends these mails
 * @param data the link to the stored data
 * @param neverWrite the link that stops all mails about all petitions
 */
public record MailContent(
        String lang,
        String dir,
        String subject,
        String greeting,
        String text,
        @Nullable String goal,
        @Nullable String picture,
        @Nullable String next,
        Link action,
        @Nullable Link receipt,
        String reason,
        @Nullable Link leave,
        @Nullable Link data,
        @Nullable Link neverWrite) {

    /** A link and its label. */
    public record Link(String label, String address) {}

    /** Hides the links, which grant access. */
    @Override
    public String toString() {
        return "MailContent[…]";
    }
}
