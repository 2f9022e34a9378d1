package org.countersign.signature.application;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.countersign.signature.personaldata.EmailAddress;

/** Validates how signers reach those who are responsible for their data. */
final class NoticeContact {

    private static final int MAX_LENGTH = 300;
    private static final String SCHEME = "https";

    private NoticeContact() {}

    /**
     * Validates a contact. Other schemes are refused, because pages make a link of it.
     *
     * @throws IllegalArgumentException if it is neither an e-mail address nor an https URL
     */
    static String parse(String text) {
        String contact = text.strip();
        boolean valid = contact.toLowerCase(Locale.ROOT).startsWith(SCHEME + ":") ? isUrl(contact) : isAddress(contact);
        if (!valid) {
            throw new IllegalArgumentException("must be an e-mail address such as privacy@example.org, or an https URL"
                    + " of at most " + MAX_LENGTH + " characters");
        }
        return contact;
    }

    private static boolean isAddress(String contact) {
        try {
            EmailAddress.parse(contact);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isUrl(String contact) {
        try {
            URI url = new URI(contact);
            return contact.length() <= MAX_LENGTH
                    && contact.chars().allMatch(character -> character > ' ' && character <= '~')
                    && url.getHost() != null
                    && url.getUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
