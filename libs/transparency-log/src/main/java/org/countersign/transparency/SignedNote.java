package org.countersign.transparency;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A signed note (C2SP signed-note): a text with signatures.
 *
 * @param text the text, which ends with a newline
 * @param signatures the signatures
 */
public record SignedNote(String text, List<NoteSignature> signatures) {

    private static final String DASH = "\u2014 ";
    private static final int KEY_ID_BYTES = 4;
    private static final int MAX_LENGTH = 64 << 10;

    /**
     * A signature.
     *
     * @param name the name of the key
     * @param bytes the key id and the signature
     */
    public record NoteSignature(String name, byte[] bytes) {}

    /** Signs a text. */
    public static SignedNote sign(String text, LogKey key) {
        byte[] signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
        byte[] bytes = Arrays.copyOf(key.id(), KEY_ID_BYTES + signature.length);
        System.arraycopy(signature, 0, bytes, KEY_ID_BYTES, signature.length);
        return new SignedNote(text, List.of(new NoteSignature(key.name(), bytes)));
    }

    /**
     * Parses a note. Callers check it with {@link #isSignedBy} before they use it.
     *
     * @throws IllegalArgumentException if it is not a note
     */
    public static SignedNote parse(String note) {
        int blank = note.lastIndexOf("\n\n");
        if (note.length() > MAX_LENGTH
                || blank < 0
                || !note.endsWith("\n")
                || note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
            throw new IllegalArgumentException("not a signed note");
        }
        List<NoteSignature> signatures = new ArrayList<>();
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
            signatures.add(new NoteSignature(parts[0], bytes));
        }
        return new SignedNote(note.substring(0, blank + 1), List.copyOf(signatures));
    }

    /** Tells whether the note has a valid signature of the key, and no invalid one. */
    public boolean isSignedBy(LogKey key) {
        byte[] signed = text.getBytes(StandardCharsets.UTF_8);
        List<NoteSignature> claims = signatures.stream()
                .filter(signature -> signature.name.equals(key.name())
                        && Arrays.equals(Arrays.copyOf(signature.bytes, KEY_ID_BYTES), key.id()))
                .toList();
        return !claims.isEmpty()
                && claims.stream()
                        .allMatch(claim -> key.verifies(
                                signed, Arrays.copyOfRange(claim.bytes, KEY_ID_BYTES, claim.bytes.length)));
    }

    /** Returns the note in its published form. */
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
