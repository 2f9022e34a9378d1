package org.countersign.events;

/**
 * A petition's name in addresses: 1 to 80 lower-case letters, digits and single hyphens.
 *
 * @param value the slug, for example {@code more-trees-on-mill-street}
 */
public record PetitionSlug(String value) {

    /** The maximum length in characters. */
    public static final int MAX_LENGTH = 80;

    /** @throws IllegalArgumentException if the value is not a slug; the message describes a slug */
    public PetitionSlug {
        if (!isSlug(value)) {
            throw new IllegalArgumentException(
                    "must be 1 to 80 lower-case letters, digits and single hyphens, such as more-trees");
        }
    }

    /** Tells whether the text is a slug. */
    public static boolean isSlug(String text) {
        if (text == null || text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        // Every read event calls this. The loop is much faster than a regular expression.
        boolean mayBeHyphen = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean hyphen = c == '-';
            if (hyphen ? !mayBeHyphen : !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9')) {
                return false;
            }
            mayBeHyphen = !hyphen;
        }
        return mayBeHyphen;
    }

    @Override
    public String toString() {
        return value;
    }
}
