package org.countersign.transparency;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * The text of a petition: what people sign. Its fingerprint is the SHA-256 of its canonical form, a JSON object after
 * RFC 8785. Anybody can compute it, for example with {@code jq -cSj '{title, statement, recipients, goal, language}' |
 * sha256sum}.
 *
 * @param title the title
 * @param statement the statement in Markdown
 * @param recipients to whom the petition is addressed, in the given order
 * @param goal the number of signatures that it wants
 * @param language the language tag of the text (BCP 47)
 */
public record PetitionText(String title, String statement, List<String> recipients, long goal, String language) {

    private static final int SHORT_DIGITS = 16;
    private static final int GROUP_DIGITS = 4;

    public PetitionText {
        recipients = List.copyOf(recipients);
    }

    /** Returns the canonical form: names in alphabetical order, no white space, the least possible escapes. */
    public String canonical() {
        StringBuilder json = new StringBuilder(statement.length() + 256)
                .append("{\"goal\":")
                .append(goal)
                .append(",\"language\":");
        CanonicalJson.append(json, language);
        json.append(",\"recipients\":");
        CanonicalJson.append(json, recipients);
        json.append(",\"statement\":");
        CanonicalJson.append(json, statement);
        json.append(",\"title\":");
        CanonicalJson.append(json, title);
        return json.append('}').toString();
    }

    /** Returns the SHA-256 of the canonical form: 64 hexadecimal digits. */
    public String fingerprint() {
        return HexFormat.of().formatHex(Merkle.sha256(canonical().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Abbreviates a fingerprint to four groups of four digits. An abbreviation helps to recognise a text and proves
     * nothing: somebody can prepare two texts with the same one.
     */
    public static String abbreviate(String fingerprint) {
        String first = fingerprint.substring(0, Math.min(SHORT_DIGITS, fingerprint.length()));
        return String.join(" ", first.split("(?<=\\G.{" + GROUP_DIGITS + "})"));
    }
}
