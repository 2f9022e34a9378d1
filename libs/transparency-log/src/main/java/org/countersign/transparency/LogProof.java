package org.countersign.transparency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A proof that an entry is in the log (C2SP tlog-proof). It carries the entry as its extra data, so that it needs
 * nothing but the key of the log to verify.
 *
 * @param entry the bytes of the entry
 * @param index the index of the entry, from 0
 * @param hashes the inclusion proof
 * @param checkpoint the signed head that the proof leads to
 */
public record LogProof(byte[] entry, long index, List<byte[]> hashes, SignedNote checkpoint) {

    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";

    public LogProof {
        hashes = List.copyOf(hashes);
    }

    /**
     * Parses a proof. Callers check it with {@link #isValid} before they use it.
     *
     * @throws IllegalArgumentException if it is not a proof, or does not carry its entry
     */
    public static LogProof parse(String text) {
        int blank = text.indexOf("\n\n");
        String[] lines = text.substring(0, Math.max(0, blank)).split("\n");
        if (lines.length < 3
                || !lines[0].equals(HEADER)
                || !lines[1].startsWith(EXTRA)
                || !lines[2].matches(INDEX + "(0|[1-9][0-9]{0,17})")) {
            throw new IllegalArgumentException("not a proof of an entry");
        }
        Base64.Decoder base64 = Base64.getDecoder();
        List<byte[]> hashes = new ArrayList<>();
        for (String line : Arrays.asList(lines).subList(3, lines.length)) {
            byte[] hash = base64.decode(line);
            if (hash.length != Merkle.HASH_BYTES) {
                throw new IllegalArgumentException("a hash of a proof has 32 bytes");
            }
            hashes.add(hash);
        }
        return new LogProof(
                base64.decode(lines[1].substring(EXTRA.length())),
                Long.parseLong(lines[2].substring(INDEX.length())),
                hashes,
                SignedNote.parse(text.substring(blank + 2)));
    }

    /** Tells whether the key signed the head, and the head covers the entry at this index. */
    public boolean isValid(LogKey key) {
        if (!checkpoint.isSignedBy(key)) {
            return false;
        }
        Checkpoint head = Checkpoint.parse(checkpoint.text());
        try {
            return head.origin().equals(key.name())
                    && Arrays.equals(Merkle.rootOf(index, head.size(), Merkle.leafHash(entry), hashes), head.root());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns the proof as C2SP writes it. */
    @Override
    public String toString() {
        Base64.Encoder base64 = Base64.getEncoder();
        StringBuilder text = new StringBuilder(HEADER)
                .append('\n')
                .append(EXTRA)
                .append(base64.encodeToString(entry))
                .append('\n')
                .append(INDEX)
                .append(index)
                .append('\n');
        hashes.forEach(hash -> text.append(base64.encodeToString(hash)).append('\n'));
        return text.append('\n').append(checkpoint).toString();
    }
}
