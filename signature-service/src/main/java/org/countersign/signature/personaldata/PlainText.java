package org.countersign.signature.personaldata;

/** What people may type: text without control characters, within a length. */
public final class PlainText {

    private PlainText() {}

    /**
     * One line, white space around it taken off.
     *
     * @param max the most characters (code points) it may have
     * @throws IllegalArgumentException if it is missing, too long or has control characters
     */
    public static String line(String text, int max) {
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
     * Text of several lines.
     *
     * @throws IllegalArgumentException if it is missing, too long or has control characters other than tab and line
     *     break
     */
    public static String text(String text, int max) {
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

    // Beside the control characters proper, those that turn the direction of what follows, and unpaired surrogates.
    private static boolean isControl(int c) {
        return Character.isISOControl(c)
                || c >= 0x202a && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069
                || c == 0x2028
                || c == 0x2029
                || c >= 0xd800 && c <= 0xdfff;
    }
}
