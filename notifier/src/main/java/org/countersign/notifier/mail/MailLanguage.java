package org.countersign.notifier.mail;

import java.util.Locale;
import java.util.Optional;
import org.countersign.support.language.SupportedLanguage;

/**
 * The language of a mail: the reader's if it is supported, otherwise English.
 *
 * @param locale the language and the reader's region, which determines how numbers are written
 */
record MailLanguage(Locale locale) {

    /**
     * Chooses the language of a mail.
     *
     * @param tag the reader's language tag, if it is known
     */
    static MailLanguage of(Optional<String> tag) {
        Locale wanted = tag.map(Locale::forLanguageTag).orElse(Locale.ENGLISH);
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

    /** Returns the writing direction as an HTML attribute value: {@code ltr} or {@code rtl}. */
    String direction() {
        return SupportedLanguage.of(locale).orElse(SupportedLanguage.ENGLISH).direction();
    }
}
