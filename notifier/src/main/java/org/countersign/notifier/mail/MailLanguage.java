package org.countersign.notifier.mail;

import java.util.Locale;
import java.util.Set;

/**
 * The language of a mail: its reader's if mails are in it, else English.
 *
 * @param locale with the reader's region, by which numbers are written
 */
record MailLanguage(Locale locale) {

    /** There is a bundle of messages for each. */
    static final Set<String> CODES = Set.of("en", "de", "fr", "hy", "ar");

    /** The language for a reader who said this tag, or said nothing and so an empty one. */
    static MailLanguage of(String tag) {
        Locale wanted = Locale.forLanguageTag(tag);
        return new MailLanguage(
                !CODES.contains(wanted.getLanguage())
                        ? Locale.ENGLISH
                        : new Locale.Builder()
                                .setLanguage(wanted.getLanguage())
                                .setRegion(wanted.getCountry())
                                .build());
    }

    boolean isRightToLeft() {
        return locale.getLanguage().equals("ar");
    }

    /** The direction of writing, as HTML has it. */
    String direction() {
        return isRightToLeft() ? "rtl" : "ltr";
    }
}
