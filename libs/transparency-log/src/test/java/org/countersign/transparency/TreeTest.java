package org.countersign.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {

    private final Map<String, byte[]> stored = new HashMap<>();
    private final List<byte[]> leaves = new ArrayList<>();
    private TreeBuilder builder = new TreeBuilder();

    private void grow(int size) {
        while (builder.size() < size) {
            byte[] leaf = Merkle.leafHash(("d" + builder.size()).getBytes(StandardCharsets.UTF_8));
            leaves.add(leaf);
            builder.append(leaf);
        }
        builder.takeChanged().forEach((tile, hashes) -> stored.put(tile.level() + "/" + tile.index(), hashes));
    }

    /** As it is served: of a tile that has grown since, its beginning. */
    private byte[] read(Tile tile) {
        return Arrays.copyOf(stored.get(tile.level() + "/" + tile.index()), tile.width() * Merkle.HASH_BYTES);
    }

    private TreeReader tree(long size) {
        return new TreeReader(size, this::read);
    }

    /** MTH of RFC 9162 section 2.1.1, as it stands there. */
    private static byte[] root(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            return Merkle.emptyRoot();
        }
        if (leaves.size() == 1) {
            return leaves.get(0);
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        return Merkle.nodeHash(root(leaves.subList(0, split)), root(leaves.subList(split, leaves.size())));
    }

    @Test
    void hashes_are_those_of_the_rfc() {
        HexFormat hex = HexFormat.of();
        assertThat(hex.formatHex(Merkle.emptyRoot()))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(hex.formatHex(Merkle.leafHash(new byte[0])))
                .isEqualTo("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    }

    /** RFC 9162 section 2.1.5: seven entries, their tree with the names its nodes have there. */
    @Test
    void proofs_are_those_of_the_rfcs_example() {
        grow(7);
        byte[] a = leaves.get(0);
        byte[] b = leaves.get(1);
        byte[] c = leaves.get(2);
        byte[] d = leaves.get(3);
        byte[] e = leaves.get(4);
        byte[] f = leaves.get(5);
        byte[] j = leaves.get(6);
        byte[] g = Merkle.nodeHash(a, b);
        byte[] h = Merkle.nodeHash(c, d);
        byte[] i = Merkle.nodeHash(e, f);
        byte[] k = Merkle.nodeHash(g, h);
        byte[] l = Merkle.nodeHash(i, j);
        TreeReader tree = tree(7);
        assertThat(tree.root()).isEqualTo(Merkle.nodeHash(k, l)).isEqualTo(builder.root());
        assertThat(tree.inclusion(0)).containsExactly(b, h, l);
        assertThat(tree.inclusion(3)).containsExactly(c, g, l);
        assertThat(tree.inclusion(4)).containsExactly(f, j, k);
        assertThat(tree.inclusion(6)).containsExactly(i, k);
        assertThat(tree.consistency(3)).containsExactly(c, d, g, l);
        assertThat(tree.consistency(4)).containsExactly(l);
        assertThat(tree.consistency(6)).containsExactly(i, j, k);
    }

    @Test
    void inclusion_proofs_hold_for_every_entry_and_no_other_place() {
        grow(600);
        for (int size : new int[] {1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 600}) {
            TreeReader tree = tree(size);
            byte[] root = root(leaves.subList(0, size));
            assertThat(tree.root()).as("root of " + size).isEqualTo(root);
            for (int index = 0; index < size; index++) {
                List<byte[]> proof = tree.inclusion(index);
                assertThat(Merkle.rootOf(index, size, leaves.get(index), proof)).isEqualTo(root);
                if (size > 1) {
                    assertThat(Merkle.rootOf(index, size, leaves.get((index + 1) % size), proof))
                            .isNotEqualTo(root);
                    assertThatThrownBy(() -> Merkle.rootOf(0, size, leaves.get(0), List.of()))
                            .isInstanceOf(IllegalArgumentException.class);
                }
            }
        }
    }

    @Test
    void consistency_proofs_hold_for_every_earlier_tree_and_no_other() {
        grow(520);
        for (int size : new int[] {1, 2, 5, 8, 255, 256, 257, 513, 520}) {
            byte[] root = tree(size).root();
            for (int earlier = 0; earlier <= size; earlier++) {
                byte[] earlierRoot = root(leaves.subList(0, earlier));
                List<byte[]> proof = tree(size).consistency(earlier);
                assertThat(Merkle.isConsistent(earlier, earlierRoot, size, root, proof))
                        .as(earlier + " in " + size)
                        .isTrue();
                if (earlier > 0) {
                    byte[] other = earlierRoot.clone();
                    other[7] ^= 1;
                    assertThat(Merkle.isConsistent(earlier, other, size, root, proof))
                            .as("not " + earlier + " in " + size)
                            .isFalse();
                }
            }
        }
        assertThat(Merkle.isConsistent(6, tree(6).root(), 5, tree(5).root(), List.of()))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 66_000})
    void a_tree_goes_on_from_what_is_stored(int size) {
        grow(size);
        builder = new TreeBuilder(size, this::read);
        assertThat(builder.root()).isEqualTo(root(leaves));
        grow(size + 300);
        assertThat(builder.root())
                .isEqualTo(root(leaves))
                .isEqualTo(tree(size + 300L).root());
    }

    /** The example of C2SP tlog-tiles: a tree of 70,000 entries. */
    @Test
    void tiles_are_as_many_and_as_wide_as_they_must_be() {
        grow(70_000);
        assertThat(stored.keySet().stream().filter(tile -> tile.startsWith("0/")))
                .hasSize(274);
        assertThat(stored.get("0/273")).hasSize(112 * 32);
        assertThat(stored.keySet().stream().filter(tile -> tile.startsWith("1/")))
                .hasSize(2);
        assertThat(stored.get("1/0")).hasSize(256 * 32);
        assertThat(stored.get("1/1")).hasSize(17 * 32);
        assertThat(stored.get("2/0")).hasSize(32);
        TreeReader tree = tree(70_000);
        tree.inclusion(69_000);
        assertThat(tree.tilesRead()).isLessThan(50);
    }

    @Test
    void a_proof_at_ten_million_entries_takes_few_tiles() {
        for (long size : new long[] {10_000_000, 9_999_999, 1L << 23, (1L << 23) + 1}) {
            for (long index : new long[] {0, 1, size / 3, size / 2, size - 1}) {
                TreeReader tree = new TreeReader(size, tile -> new byte[tile.width() * Merkle.HASH_BYTES]);
                tree.inclusion(index);
                assertThat(tree.tilesRead()).isLessThan(50);
            }
            TreeReader tree = new TreeReader(size, tile -> new byte[tile.width() * Merkle.HASH_BYTES]);
            tree.consistency(size / 3);
            assertThat(tree.tilesRead()).isLessThan(50);
        }
    }

    @Test
    void a_tiles_path_is_as_c2sp_has_it() {
        assertThat(new Tile(0, 1_234_067, 256).path()).isEqualTo("0/x001/x234/067");
        assertThat(new Tile(2, 5, 17).path()).isEqualTo("2/005.p/17");
        assertThat(new Tile(0, 1000, 1).entriesPath()).isEqualTo("entries/x001/000.p/1");
        assertThat(Tile.parse("0/x001/x234/067")).contains(new Tile.TileRequest(new Tile(0, 1_234_067, 256), false));
        assertThat(Tile.parse("entries/005.p/17")).contains(new Tile.TileRequest(new Tile(0, 5, 17), true));
        assertThat(Tile.parse("0/x036/x028/x797/x018/x963/967")).isPresent();
        assertThat(Tile.parse("6/127")).isPresent();
        for (String none : List.of(
                "",
                "0/5",
                "00/005",
                "64/005",
                "0/005.p/256",
                "0/005.p/0",
                "0/005.p/01",
                "0/x000/005",
                "-1/005",
                "data/005",
                "0/005/",
                "0/../005",
                // The number of their first entry is larger than the largest long.
                "entries/x036/x028/x797/x018/x963/968",
                "entries/x999/x999/x999/x999/x999/999",
                "0/x036/x028/x797/x018/x963/968",
                "6/128",
                "7/001")) {
            assertThat(Tile.parse(none)).as(none).isEmpty();
        }
    }
}
