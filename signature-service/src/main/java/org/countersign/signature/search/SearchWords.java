package org.countersign.signature.search;

import java.text.Normalizer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a reader searches for, in the syntax of web searches: words, {@code "a phrase"}, {@code or}, and {@code -word}.
 *
 * @param text one line without control characters, in normal form C; not blank
 */
public record SearchWords(String text) {

    /** The maximum number of characters (code points). */
    public static final int MAX_LENGTH = 200;

    private static final int MAX_WORDS = 12;

    /**
     * Validates what a reader typed.
     *
     * @return the words, or empty if there are none
     * @throws IllegalArgumentException with a message that continues the field's name, if it is too long
     */
    public static Optional<SearchWords> parse(@Nullable String typed) {
        if (typed == null) {
            return Optional.empty();
        }
        // Checked first, so that a long text costs nothing.
        if (typed.codePointCount(0, typed.length()) > MAX_LENGTH) {
            throw new IllegalArgumentException("must have at most " + MAX_LENGTH + " characters");
        }
        // PostgreSQL takes neither the character 0 nor half a surrogate pair.
        String line = Normalizer.normalize(
                        typed.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Z}]+", " "), Normalizer.Form.NFC)
                .strip();
        if (line.isEmpty()) {
            return Optional.empty();
        }
        if (line.split(" ").length > MAX_WORDS) {
            throw new IllegalArgumentException("must have at most " + MAX_WORDS + " words");
        }
        return Optional.of(new SearchWords(line));
    }
}
