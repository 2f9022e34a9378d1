package org.countersign.signature.web.i18n;

import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import org.countersign.events.CountryCode;
import org.countersign.support.language.SupportedLanguage;

/**
 * Who looks at a page: how words, numbers and times are written for them. Times are UTC; a script writes them in the
 * browser's zone.
 *
 * @param choices the languages to switch to
 */
public record PageReader(Locale locale, List<Choice> choices) {

    /** The name under which templates find it. */
    static final String ATTRIBUTE = "reader";

    /** A language to switch to, and where. */
    public record Choice(String lang, String title, String address, boolean chosen) {}

    /** The language tag, as HTML has it. */
    public String lang() {
        return locale.toLanguageTag();
    }

    /** The direction of writing, as HTML has it. */
    public String dir() {
        return SupportedLanguage.of(locale).orElse(SupportedLanguage.ENGLISH).direction();
    }

    public String number(long number) {
        return NumberFormat.getIntegerInstance(locale).format(number);
    }

    public String date(Instant time) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .localizedBy(locale)
                .format(time.atOffset(ZoneOffset.UTC));
    }

    public String time(Instant time) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                        .localizedBy(locale)
                        .format(time.atOffset(ZoneOffset.UTC))
                + " UTC";
    }

    /** The country's name. */
    public String country(String code) {
        return new CountryCode(code).name(locale);
    }
}
