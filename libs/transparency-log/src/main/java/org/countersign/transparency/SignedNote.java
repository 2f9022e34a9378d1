package org.countersign.transparency;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A text with signatures, as in C2SP signed-note.
 *
 * @param text ends with a newline
 * @param signatures of whoever signed it
 */
public record SignedNote(String text, List<Signature> signatures) {

    private static final String DASH = "\u2014 ";
    private static final int KEY_ID_BYTES = 4;
    private static final int LONGEST = 64 << 10;

    /**
     * A signature.
     *
     * @param name of the key
     * @param bytes the key's id and what the key made of the text
     */
    public record Signature(String name, byte[] bytes) {}

    /** The text with one signature. */
    public static SignedNote sign(String text, LogKey key) {
        byte[] signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
        byte[] bytes = Arrays.copyOf(key.id(), KEY_ID_BYTES + signature.length);
        System.arraycopy(signature, 0, bytes, KEY_ID_BYTES, signature.length);
        return new SignedNote(text, List.of(new Signature(key.name(), bytes)));
    }

    /**
     * Reads a note; nobody may believe it before {@link #isSignedBy}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static SignedNote parse(String note) {
        int blank = note.lastIndexOf("\n\n");
        if (note.length() > LONGEST
                || blank < 0
                || !note.endsWith("\n")
                || note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
            throw new IllegalArgumentException("not a signed note");
        }
        List<Signature> signatures = new ArrayList<>();
        for (String line : note.substring(blank + 2).split("\n")) {
            String[] parts =
                    line.startsWith(DASH) ? line.substring(DASH.length()).split(" ") : new String[0];
            if (parts.length != 2 || parts[0].isEmpty()) {
                throw new IllegalArgumentException("a line of a signed note is no signature");
            }
            byte[] bytes = Base64.getDecoder().decode(parts[1]);
            if (bytes.length <= KEY_ID_BYTES) {
                throw new IllegalArgumentException("a signature is too short");
            }
            signatures.add(new Signature(parts[0], bytes));
        }
        return new SignedNote(note.substring(0, blank + 1), List.copyOf(signatures));
    }

    /** Whether the key has signed the text, and nothing that claims to be by the key is not. */
    public boolean isSignedBy(LogKey key) {
        byte[] signed = text.getBytes(StandardCharsets.UTF_8);
        List<Signature> claims = signatures.stream()
                .filter(signature -> signature.name.equals(key.name())
                        && Arrays.equals(Arrays.copyOf(signature.bytes, KEY_ID_BYTES), key.id()))
                .toList();
        return !claims.isEmpty()
                && claims.stream()
                        .allMatch(claim -> key.verifies(
                                signed, Arrays.copyOfRange(claim.bytes, KEY_ID_BYTES, claim.bytes.length)));
    }

    /** The note as it is published. */
    @Override
    public String toString() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(DASH)
                .append(signature.name)
                .append(' ')
                .append(Base64.getEncoder().encodeToString(signature.bytes))
                .append('\n'));
        return note.toString();
    }
}
