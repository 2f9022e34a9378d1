package org.countersign.signature.web.i18n;

import java.text.Collator;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.events.CountryCode;

/** The names of the countries in the sign form. */
public final class CountryNames {

    /** A country and its name in one language. */
    record CountryOption(String code, String name) {}

    private static final Map<Locale, List<CountryOption>> BY_LANGUAGE = new ConcurrentHashMap<>();

    private CountryNames() {}

    /** Returns all countries, sorted by the rules of a language. */
    public static List<CountryOption> in(Locale language) {
        return BY_LANGUAGE.computeIfAbsent(language, key -> {
            Collator collator = Collator.getInstance(key);
            return Arrays.stream(Locale.getISOCountries())
                    .map(code -> new CountryOption(code, new CountryCode(code).name(key)))
                    .sorted((one, other) -> collator.compare(one.name(), other.name()))
                    .toList();
        });
    }
}
