package org.countersign.signature.web.i18n;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A language that pages are in: there is a bundle of messages for each. */
public enum PageLanguage {
    ENGLISH("en", "English"),
    GERMAN("de", "Deutsch"),
    FRENCH("fr", "Français"),
    ARMENIAN("hy", "Հայերեն"),
    ARABIC("ar", "العربية");

    private final String code;
    private final String title;

    PageLanguage(String code, String title) {
        this.code = code;
        this.title = title;
    }

    /** The code of ISO 639. */
    String code() {
        return code;
    }

    /** What it is called in itself. */
    String title() {
        return title;
    }

    /** The direction in which it is written, as HTML has it. */
    String direction() {
        return this == ARABIC ? "rtl" : "ltr";
    }

    public Locale locale() {
        return new Locale.Builder().setLanguage(code).build();
    }

    /** What each is called in itself, by its code. */
    public static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        Arrays.stream(values()).forEach(language -> titles.put(language.code, language.title));
        return titles;
    }

    /** The language of a locale, if pages are in it. */
    public static Optional<PageLanguage> of(Locale locale) {
        return Arrays.stream(values())
                .filter(language -> language.code.equals(locale.getLanguage()))
                .findAny();
    }
}
