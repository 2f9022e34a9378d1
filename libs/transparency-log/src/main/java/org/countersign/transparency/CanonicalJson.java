package org.countersign.transparency;

import java.util.List;

/** Writes JSON texts in the one form that RFC 8785 allows. */
public final class CanonicalJson {

    private static final String ESCAPED = "\"\\\b\f\n\r\t";
    private static final String LETTERS = "\"\\bfnrt";

    private CanonicalJson() {}

    /** Appends a text in quotation marks. */
    public static void append(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            int escape = ESCAPED.indexOf(letter);
            if (escape >= 0) {
                json.append('\\').append(LETTERS.charAt(escape));
            } else if (letter < ' ') {
                json.append("\\u%04x".formatted((int) letter));
            } else {
                json.append(letter);
            }
        }
        json.append('"');
    }

    /** Appends a list of texts. */
    public static void append(StringBuilder json, List<String> texts) {
        json.append('[');
        for (int i = 0; i < texts.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            append(json, texts.get(i));
        }
        json.append(']');
    }
}
