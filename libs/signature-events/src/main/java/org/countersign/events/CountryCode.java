package org.countersign.events;

import java.util.Locale;
import java.util.Set;

/**
 * A country code of ISO 3166-1 alpha-2.
 *
 * @param value the code, for example {@code AM}
 */
public record CountryCode(String value) {

    private static final Set<String> ALL = Set.of(Locale.getISOCountries());

    /** @throws IllegalArgumentException if no country has the code; the message describes a code */
    public CountryCode {
        if (!isCountry(value)) {
            throw new IllegalArgumentException(
                    "must be a country's two capital letters as in ISO 3166-1, such as AM or DE");
        }
    }

    /** Tells whether ISO 3166-1 has assigned the code. */
    public static boolean isCountry(String code) {
        return code != null && ALL.contains(code);
    }

    /** Returns the country's name in a language. */
    public String name(Locale language) {
        return new Locale.Builder().setRegion(value).build().getDisplayCountry(language);
    }

    @Override
    public String toString() {
        return value;
    }
}
