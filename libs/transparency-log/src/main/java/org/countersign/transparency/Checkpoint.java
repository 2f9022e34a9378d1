package org.countersign.transparency;

import java.util.Base64;

/**
 * The head of a tree (C2SP tlog-checkpoint).
 *
 * @param origin the name of the log
 * @param size the number of entries
 * @param root the root hash
 */
public record Checkpoint(String origin, long size, byte[] root) {

    /** Returns the text to sign. */
    public String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    /**
     * Parses the text of a note.
     *
     * @throws IllegalArgumentException if it is not a checkpoint
     */
    public static Checkpoint parse(String text) {
        String[] lines = text.split("\n");
        if (lines.length < 3 || lines[0].isEmpty() || !lines[1].matches("0|[1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException("not a checkpoint");
        }
        byte[] root = Base64.getDecoder().decode(lines[2]);
        if (root.length != Merkle.HASH_BYTES) {
            throw new IllegalArgumentException("a checkpoint's root has 32 bytes");
        }
        return new Checkpoint(lines[0], Long.parseLong(lines[1]), root);
    }
}
