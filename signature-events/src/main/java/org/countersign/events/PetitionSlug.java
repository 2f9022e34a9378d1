package org.countersign.events;

import java.util.regex.Pattern;

/**
 * The name a petition has in its address: 1 to 80 lower-case letters, digits and single hyphens.
 *
 * @param value the slug, for example {@code more-trees-on-mill-street}
 */
public record PetitionSlug(String value) {

    /** The longest slug, in characters. */
    public static final int MAX_LENGTH = 80;

    private static final Pattern FORM = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    /** @throws IllegalArgumentException if the value is not a slug; the message says what one is */
    public PetitionSlug {
        if (!isSlug(value)) {
            throw new IllegalArgumentException("must be 1 to 80 lower-case letters, digits and single hyphens, such as more-trees");
        }
    }

    /** Whether the text could be a petition's slug. */
    public static boolean isSlug(String text) {
        return text != null && text.length() <= MAX_LENGTH && FORM.matcher(text).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
