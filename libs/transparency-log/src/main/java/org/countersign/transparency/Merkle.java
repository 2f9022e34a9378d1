package org.countersign.transparency;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** Hashes and proofs of a Merkle tree with SHA-256 (RFC 9162 section 2.1). */
public final class Merkle {

    /** The length of a hash in bytes. */
    public static final int HASH_BYTES = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Merkle::newDigest);

    private Merkle() {}

    /** Returns the SHA-256 of the concatenated parts. */
    public static byte[] sha256(byte[]... parts) {
        MessageDigest digest = SHA_256.get();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** Returns the hash of an entry: HASH(0x00 || entry). */
    public static byte[] leafHash(byte[] entry) {
        MessageDigest digest = SHA_256.get();
        digest.update(LEAF);
        return digest.digest(entry);
    }

    /** Returns the hash of a node: HASH(0x01 || left || right). */
    public static byte[] nodeHash(byte[] left, byte[] right) {
        MessageDigest digest = SHA_256.get();
        digest.update(NODE);
        digest.update(left);
        return digest.digest(right);
    }

    /** Returns the hash of the empty tree. */
    public static byte[] emptyRoot() {
        return sha256();
    }

    /**
     * Returns the root that an inclusion proof leads to (RFC 9162 section 2.1.3.2). The proof is valid if this is the
     * root of the tree.
     *
     * @param index the index of the entry, from 0
     * @param size the number of entries
     * @param leafHash the hash of the entry
     * @param proof the hashes of the proof
     * @throws IllegalArgumentException if the proof does not fit the index and size
     */
    public static byte[] rootOf(long index, long size, byte[] leafHash, List<byte[]> proof) {
        require(index >= 0 && index < size, "the index is not in the tree");
        long node = index;
        long last = size - 1;
        byte[] hash = leafHash;
        for (byte[] sibling : proof) {
            require(last > 0, "the proof is too long");
            if ((node & 1) == 1 || node == last) {
                hash = nodeHash(sibling, hash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = nodeHash(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        require(last == 0, "the proof is too short");
        return hash;
    }

    /**
     * Verifies a consistency proof (RFC 9162 section 2.1.4.2).
     *
     * @param first the size of the earlier tree
     * @param second the size of the later tree
     */
    public static boolean isConsistent(
            long first, byte[] firstRoot, long second, byte[] secondRoot, List<byte[]> proof) {
        if (first > second || first < 0) {
            return false;
        }
        if (first == second || first == 0) {
            return proof.isEmpty() && (first == 0 || MessageDigest.isEqual(firstRoot, secondRoot));
        }
        List<byte[]> path = new ArrayList<>(proof);
        if (Long.bitCount(first) == 1) {
            path.add(0, firstRoot);
        }
        if (path.isEmpty()) {
            return false;
        }
        long node = first - 1;
        long last = second - 1;
        while ((node & 1) == 1) {
            node >>= 1;
            last >>= 1;
        }
        byte[] fromFirst = path.get(0);
        byte[] fromSecond = path.get(0);
        for (byte[] hash : path.subList(1, path.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                fromFirst = nodeHash(hash, fromFirst);
                fromSecond = nodeHash(hash, fromSecond);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                fromSecond = nodeHash(fromSecond, hash);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0
                && MessageDigest.isEqual(fromFirst, firstRoot)
                && MessageDigest.isEqual(fromSecond, secondRoot);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
