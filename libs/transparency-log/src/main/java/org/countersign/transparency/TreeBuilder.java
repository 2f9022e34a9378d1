package org.countersign.transparency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A growing tree. It holds only the rightmost tiles in memory. */
public final class TreeBuilder {

    /** The partial tile of a level. */
    private static final class Rightmost {
        private final byte[] hashes = new byte[Tile.FULL * Merkle.HASH_BYTES];
        private long index;
        private int width;
    }

    private final List<Rightmost> levels = new ArrayList<>();
    private final Map<Tile, byte[]> filled = new LinkedHashMap<>();
    private long size;

    /** Creates an empty tree. */
    public TreeBuilder() {}

    /**
     * Continues a stored tree.
     *
     * @param size the number of entries
     * @param tiles supplies the stored tiles
     */
    public TreeBuilder(long size, TreeReader.Tiles tiles) {
        this.size = size;
        for (int level = 0; size >> level * Tile.HEIGHT > 0; level++) {
            long hashes = size >> level * Tile.HEIGHT;
            Rightmost rightmost = level(level);
            rightmost.index = hashes / Tile.FULL;
            rightmost.width = (int) (hashes % Tile.FULL);
            if (rightmost.width > 0) {
                byte[] stored = tiles.read(new Tile(level, rightmost.index, rightmost.width));
                System.arraycopy(stored, 0, rightmost.hashes, 0, rightmost.width * Merkle.HASH_BYTES);
            }
        }
    }

    /** Returns the number of entries. */
    public long size() {
        return size;
    }

    /** Appends an entry by its leaf hash. */
    public void append(byte[] leafHash) {
        add(0, leafHash);
        size++;
    }

    private void add(int number, byte[] hash) {
        Rightmost level = level(number);
        System.arraycopy(hash, 0, level.hashes, level.width * Merkle.HASH_BYTES, Merkle.HASH_BYTES);
        level.width++;
        if (level.width == Tile.FULL) {
            filled.put(new Tile(number, level.index, Tile.FULL), level.hashes.clone());
            byte[] root = TreeReader.fold(level.hashes, 0, Tile.FULL);
            level.index++;
            level.width = 0;
            add(number + 1, root);
        }
    }

    private Rightmost level(int number) {
        while (levels.size() <= number) {
            levels.add(new Rightmost());
        }
        return levels.get(number);
    }

    /** Returns the root hash. */
    public byte[] root() {
        byte[] root = null;
        // Combine the largest possible subtrees from right to left.
        for (Rightmost level : levels) {
            int left = level.width;
            while (left > 0) {
                int count = Integer.lowestOneBit(left);
                left -= count;
                byte[] subtree = TreeReader.fold(level.hashes, left, count);
                root = root == null ? subtree : Merkle.nodeHash(subtree, root);
            }
        }
        return root == null ? Merkle.emptyRoot() : root;
    }

    /** Returns the tiles that have changed since the last call, in their current form. */
    public Map<Tile, byte[]> takeChanged() {
        Map<Tile, byte[]> tiles = new LinkedHashMap<>(filled);
        filled.clear();
        for (int number = 0; number < levels.size(); number++) {
            Rightmost level = levels.get(number);
            if (level.width > 0) {
                tiles.put(
                        new Tile(number, level.index, level.width),
                        Arrays.copyOf(level.hashes, level.width * Merkle.HASH_BYTES));
            }
        }
        return tiles;
    }
}
