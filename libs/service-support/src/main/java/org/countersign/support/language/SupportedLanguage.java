package org.countersign.support.language;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A language of pages and mails. Each service that shows text has a message bundle for each of them. */
public enum SupportedLanguage {
    ENGLISH("en", "English"),
    GERMAN("de", "Deutsch"),
    FRENCH("fr", "Français"),
    ARMENIAN("hy", "Հայերեն"),
    ARABIC("ar", "العربية");

    private final String code;
    private final String nativeName;

    SupportedLanguage(String code, String nativeName) {
        this.code = code;
        this.nativeName = nativeName;
    }

    /**
     * Finds the language of a locale.
     *
     * @param locale any locale; its region does not matter
     * @return the language, or empty if there is no message bundle for it
     */
    public static Optional<SupportedLanguage> of(Locale locale) {
        return Arrays.stream(values())
                .filter(language -> language.code.equals(locale.getLanguage()))
                .findAny();
    }

    /** Returns the native names by code, in the order in which people choose from them. */
    public static Map<String, String> nativeNames() {
        Map<String, String> names = new LinkedHashMap<>();
        Arrays.stream(values()).forEach(language -> names.put(language.code, language.nativeName));
        return names;
    }

    /** Returns the ISO 639 code. */
    public String code() {
        return code;
    }

    /** Returns the name of the language in the language itself. */
    public String nativeName() {
        return nativeName;
    }

    /** Returns the locale without a region. */
    public Locale locale() {
        return Locale.forLanguageTag(code);
    }

    /** Returns the writing direction as a value of the HTML attribute {@code dir}. */
    public String direction() {
        return this == ARABIC ? "rtl" : "ltr";
    }
}
