package org.countersign.signature.personaldata;

import java.util.IllformedLocaleException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Language tags (BCP 47). */
public final class LanguageTag {

    /** A tag of language, script and region needs no more characters (RFC 5646, section 4.4.1). */
    private static final int MAX_LENGTH = 35;

    private LanguageTag() {}

    /**
     * Validates a tag.
     *
     * @param tag the tag as the caller gave it
     * @return the tag in its usual spelling
     * @throws IllegalArgumentException if it is not a tag
     */
    public static String parse(@Nullable String tag) {
        if (tag == null) {
            throw new IllegalArgumentException("must be a language tag such as en or hy");
        }
        try {
            String parsed =
                    new Locale.Builder().setLanguageTag(tag.strip()).build().toLanguageTag();
            if (parsed.length() <= MAX_LENGTH) {
                return parsed;
            }
        } catch (IllformedLocaleException e) {
            throw new IllegalArgumentException("must be a language tag as in BCP 47, such as en or hy", e);
        }
        throw new IllegalArgumentException(
                "must be a language tag of at most " + MAX_LENGTH + " characters, such as en or hy");
    }
}
