package org.countersign.signature.personaldata;

import java.util.IllformedLocaleException;
import java.util.Locale;

/** The names of languages, as BCP 47 has them. */
public final class LanguageTag {

    /** RFC 5646, section 4.4.1: no tag that names a language, a script and a region needs more. */
    private static final int LONGEST = 35;

    private LanguageTag() {}

    /**
     * The tag as it is usually written.
     *
     * @throws IllegalArgumentException if it is none; the message says how one looks
     */
    public static String parse(String tag) {
        try {
            String parsed =
                    new Locale.Builder().setLanguageTag(tag.strip()).build().toLanguageTag();
            if (parsed.length() <= LONGEST) {
                return parsed;
            }
        } catch (IllformedLocaleException e) {
            throw new IllegalArgumentException("must be a language tag as in BCP 47, such as en or hy", e);
        }
        throw new IllegalArgumentException(
                "must be a language tag of at most " + LONGEST + " characters, such as en or hy");
    }
}
