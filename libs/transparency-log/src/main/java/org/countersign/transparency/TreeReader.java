package org.countersign.transparency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes proofs about a tree of a given size from its tiles. */
public final class TreeReader {

    /** Supplies tiles. */
    @FunctionalInterface
    public interface Tiles {
        /**
         * Returns the hashes of a tile, concatenated.
         *
         * @throws RuntimeException if the tile is not available
         */
        byte[] read(Tile tile);
    }

    private final long size;
    private final Tiles tiles;
    private final Map<Tile, byte[]> read = new HashMap<>();

    /**
     * @param size the number of entries
     * @param tiles supplies the tiles
     */
    public TreeReader(long size, Tiles tiles) {
        this.size = size;
        this.tiles = tiles;
    }

    /** Returns the number of entries. */
    public long size() {
        return size;
    }

    /** Returns the number of tiles read. */
    public int tilesRead() {
        return read.size();
    }

    /** Returns the root hash. */
    public byte[] root() {
        return size == 0 ? Merkle.emptyRoot() : hash(0, size);
    }

    /**
     * Makes an inclusion proof (RFC 9162 section 2.1.3.1).
     *
     * @param index the index of the entry, from 0
     */
    public List<byte[]> inclusion(long index) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("the tree has no entry " + index);
        }
        List<byte[]> proof = new ArrayList<>();
        addInclusion(index, 0, size, proof);
        return proof;
    }

    private void addInclusion(long index, long begin, long end, List<byte[]> proof) {
        if (end - begin == 1) {
            return;
        }
        long middle = begin + split(end - begin);
        if (index < middle) {
            addInclusion(index, begin, middle, proof);
            proof.add(hash(middle, end));
        } else {
            addInclusion(index, middle, end, proof);
            proof.add(hash(begin, middle));
        }
    }

    /**
     * Makes a consistency proof (RFC 9162 section 2.1.4.1).
     *
     * @param earlier the size of the earlier tree
     */
    public List<byte[]> consistency(long earlier) {
        if (earlier < 0 || earlier > size) {
            throw new IllegalArgumentException(
                    "a tree of " + earlier + " entries is not the beginning of one of " + size);
        }
        List<byte[]> proof = new ArrayList<>();
        if (earlier > 0 && earlier < size) {
            addConsistency(earlier, 0, size, true, proof);
        }
        return proof;
    }

    private void addConsistency(long earlier, long begin, long end, boolean whole, List<byte[]> proof) {
        if (earlier == end) {
            if (!whole) {
                proof.add(hash(begin, end));
            }
            return;
        }
        long middle = begin + split(end - begin);
        if (earlier <= middle) {
            addConsistency(earlier, begin, middle, whole, proof);
            proof.add(hash(middle, end));
        } else {
            addConsistency(earlier, middle, end, false, proof);
            proof.add(hash(begin, middle));
        }
    }

    /** Returns the largest power of two below a number above 1. */
    private static long split(long count) {
        return Long.highestOneBit(count - 1);
    }

    /** Returns the hash of the subtree from begin to before end. */
    private byte[] hash(long begin, long end) {
        long count = end - begin;
        if (Long.bitCount(count) != 1) {
            long middle = begin + split(count);
            return Merkle.nodeHash(hash(begin, middle), hash(middle, end));
        }
        int height = Long.numberOfTrailingZeros(count);
        int level = height / Tile.HEIGHT;
        long first = begin >> level * Tile.HEIGHT;
        int hashes = 1 << height % Tile.HEIGHT;
        byte[] tile = tile(level, first / Tile.FULL);
        return fold(tile, (int) (first % Tile.FULL), hashes);
    }

    private byte[] tile(int level, long index) {
        long hashes = size >> level * Tile.HEIGHT;
        int width = (int) Math.min(Tile.FULL, hashes - index * Tile.FULL);
        return read.computeIfAbsent(new Tile(level, index, width), tile -> {
            byte[] bytes = tiles.read(tile);
            if (bytes.length != width * Merkle.HASH_BYTES) {
                throw new IllegalArgumentException("the tile " + tile.path() + " has " + bytes.length + " bytes");
            }
            return bytes;
        });
    }

    /** Returns the root of adjacent hashes whose number is a power of two. */
    static byte[] fold(byte[] hashes, int first, int count) {
        if (count == 1) {
            return Arrays.copyOfRange(hashes, first * Merkle.HASH_BYTES, (first + 1) * Merkle.HASH_BYTES);
        }
        return Merkle.nodeHash(fold(hashes, first, count / 2), fold(hashes, first + count / 2, count / 2));
    }
}
