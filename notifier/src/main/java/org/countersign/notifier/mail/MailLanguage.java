package org.countersign.notifier.mail;

import java.util.Locale;
import org.countersign.support.language.SupportedLanguage;

/**
 * The language of a mail: its reader's if mails are in it, else English.
 *
 * @param locale with the reader's region, by which numbers are written
 */
record MailLanguage(Locale locale) {

    /** The language for a reader who said this tag, or said nothing and so an empty one. */
    static MailLanguage of(String tag) {
        Locale wanted = Locale.forLanguageTag(tag);
        return new MailLanguage(
                SupportedLanguage.of(wanted).isEmpty()
                        ? Locale.ENGLISH
                        : new Locale.Builder()
                                .setLanguage(wanted.getLanguage())
                                .setRegion(wanted.getCountry())
                                .build());
    }

    boolean isRightToLeft() {
        return direction().equals("rtl");
    }

    /** The direction of writing, as HTML has it. */
    String direction() {
        return SupportedLanguage.of(locale).orElse(SupportedLanguage.ENGLISH).direction();
    }
}
