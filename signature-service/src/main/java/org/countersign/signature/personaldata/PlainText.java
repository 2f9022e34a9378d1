package org.countersign.signature.personaldata;

import org.jspecify.annotations.Nullable;

/** Validates text that people type: a limited length and no control characters. */
public final class PlainText {

    private PlainText() {}

    /**
     * Validates one line and strips white space around it.
     *
     * @param max the maximum number of characters (code points)
     * @throws IllegalArgumentException if it is missing, too long or has control characters
     */
    public static String line(@Nullable String text, int max) {
        String line = text == null ? "" : text.strip();
        if (line.isEmpty()) {
            throw new IllegalArgumentException("is missing");
        }
        checkLength(line, max);
        if (line.codePoints().anyMatch(c -> isControl(c))) {
            throw new IllegalArgumentException("must have no control characters or line breaks");
        }
        return line;
    }

    /**
     * Validates text of several lines.
     *
     * @param max the maximum number of characters (code points)
     * @throws IllegalArgumentException if it is missing, too long or has control characters other than tab and line
     *     break
     */
    public static String text(@Nullable String text, int max) {
        String lines = text == null ? "" : text.strip().replace("\r\n", "\n");
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("is missing");
        }
        checkLength(lines, max);
        if (lines.codePoints().anyMatch(c -> c != '\n' && c != '\t' && isControl(c))) {
            throw new IllegalArgumentException("must have no control characters");
        }
        return lines;
    }

    private static void checkLength(String text, int max) {
        if (text.codePointCount(0, text.length()) > max) {
            throw new IllegalArgumentException("must have at most " + max + " characters");
        }
    }

    // Bidirectional overrides and unpaired surrogates count as control characters.
    private static boolean isControl(int c) {
        return Character.isISOControl(c)
                || c >= 0x202a && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069
                || c == 0x2028
                || c == 0x2029
                || c >= 0xd800 && c <= 0xdfff;
    }
}
