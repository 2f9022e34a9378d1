package org.countersign.signature.personaldata;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Validates the name of a signer: letters and marks of any script, spaces, apostrophes, hyphens and full stops. A name
 * can therefore hold no link, no amount of money and no telephone number.
 */
public final class PersonName {

    private static final int MAX_LENGTH = 120;
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{M} '.-]*\\p{L}[\\p{L}\\p{M} '.-]*");
    /** Initials such as J.R.R. are names. Longer parts on both sides of a full stop are a domain. */
    private static final Pattern DOMAIN = Pattern.compile(
            "[\\p{L}\\p{M}-]{2,}\\.[\\p{L}\\p{M}-]*[\\p{L}\\p{M}-]{2}|\\bwww\\.", Pattern.CASE_INSENSITIVE);

    private PersonName() {}

    /**
     * Validates a name and strips white space around it. A typographic apostrophe becomes a plain one.
     *
     * @throws IllegalArgumentException if it is missing, too long, or has other characters
     */
    public static String parse(@Nullable String text) {
        String name = PlainText.line(text, MAX_LENGTH).replace('\u2019', '\'').replaceAll("[\\p{Zs}\t]+", " ");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("must have only letters, spaces, apostrophes, hyphens and full stops");
        }
        if (DOMAIN.matcher(name).find()) {
            throw new IllegalArgumentException("must be a name, without a link; write a space after a full stop");
        }
        return name;
    }
}
