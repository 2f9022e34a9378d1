package org.countersign.signature.web.i18n;

import java.text.NumberFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import org.countersign.events.CountryCode;
import org.countersign.support.language.SupportedLanguage;

/**
 * The reader of a page: formats numbers, times and country names in the reader's language.
 *
 * <p>Times are in UTC. A script converts them to the time zone of the browser.
 *
 * @param locale the language and region of the reader
 * @param choices the languages that the reader can switch to
 */
public record PageReader(Locale locale, List<LanguageChoice> choices) {

    /** The name of the model attribute. */
    static final String ATTRIBUTE = "reader";

    /** A language that the reader can switch to, and the URL that does it. */
    public record LanguageChoice(String lang, String title, String address, boolean chosen) {}

    /** Returns the language tag for the {@code lang} attribute. */
    public String lang() {
        return locale.toLanguageTag();
    }

    /** Returns the direction of writing for the {@code dir} attribute. */
    public String dir() {
        return SupportedLanguage.of(locale).orElse(SupportedLanguage.ENGLISH).direction();
    }

    /** Formats a number. */
    public String number(long number) {
        return NumberFormat.getIntegerInstance(locale).format(number);
    }

    /** Formats the date of a time, in UTC. */
    public String date(Instant time) {
        return date(LocalDate.ofInstant(time, ZoneOffset.UTC));
    }

    /** Formats a date. */
    public String date(LocalDate date) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .localizedBy(locale)
                .format(date);
    }

    /** Formats a time, in UTC. */
    public String time(Instant time) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                        .localizedBy(locale)
                        .format(time.atOffset(ZoneOffset.UTC))
                + " UTC";
    }

    /** Returns the name of a country. */
    public String country(String code) {
        return new CountryCode(code).name(locale);
    }
}
