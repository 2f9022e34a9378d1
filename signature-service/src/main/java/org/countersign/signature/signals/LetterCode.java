package org.countersign.signature.signals;

/** Codes of countries and languages in 16 bits: up to three letters without their case, five bits each. */
final class LetterCode {

    /** No code. */
    static final short NONE = 0;

    private static final int MAX_LETTERS = 3;
    private static final int BITS = 5;
    private static final int MASK = (1 << BITS) - 1;

    private LetterCode() {}

    /**
     * Packs a code.
     *
     * @param letters for example {@code AM} or {@code hyw}
     * @return {@link #NONE} if these are not one to three letters of the Latin alphabet
     */
    static short of(String letters) {
        if (letters.length() > MAX_LETTERS) {
            return NONE;
        }
        int code = 0;
        for (int i = 0; i < letters.length(); i++) {
            int letter = (letters.charAt(i) | 0x20) - 'a' + 1;
            if (letter < 1 || letter > 26) {
                return NONE;
            }
            code = code << BITS | letter;
        }
        return (short) code;
    }

    /** Returns the letters of a code in upper case, and an empty text for {@link #NONE}. */
    static String text(short code) {
        StringBuilder letters = new StringBuilder(MAX_LETTERS);
        for (int shift = BITS * (MAX_LETTERS - 1); shift >= 0; shift -= BITS) {
            int letter = code >> shift & MASK;
            if (letter != 0) {
                letters.append((char) ('A' + letter - 1));
            }
        }
        return letters.toString();
    }
}
