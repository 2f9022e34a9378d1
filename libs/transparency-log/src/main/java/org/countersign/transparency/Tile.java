package org.countersign.transparency;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tile of the tree (C2SP tlog-tiles): up to 256 adjacent hashes of one level.
 *
 * @param level 0 for hashes of entries; one hash of the next level covers a full tile
 * @param index the index within the level, from 0
 * @param width the number of hashes, 1 to 256
 */
public record Tile(int level, long index, int width) {

    /** The number of hashes of a full tile. */
    public static final int FULL = 256;

    /** The number of tree levels that a tile spans. */
    static final int HEIGHT = 8;

    private static final int HIGHEST_LEVEL = 63;
    private static final Pattern PATH =
            Pattern.compile("(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    /** The resource of a path: a tile, or the entries below a tile of level 0. */
    public record TileRequest(Tile tile, boolean entries) {}

    /** Parses the part of a path after {@code tile/}. Returns empty if it names no tile. */
    public static Optional<TileRequest> parse(String path) {
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean entries = matcher.group(1).equals("entries");
        int level = entries ? 0 : Integer.parseInt(matcher.group(1));
        int width = matcher.group(3) == null ? FULL : Integer.parseInt(matcher.group(3));
        long index = Long.parseLong(matcher.group(2).replaceAll("[x/]", ""));
        Tile tile = new Tile(level, index, width);
        boolean valid = level <= HIGHEST_LEVEL
                && index <= maxIndex(level)
                && (matcher.group(3) == null || width < FULL)
                && tile.number().equals(matcher.group(2));
        return valid ? Optional.of(new TileRequest(tile, entries)) : Optional.empty();
    }

    /** Returns the highest index of a level in a tree whose size fits a long. The first entry of a tile fits then. */
    private static long maxIndex(int level) {
        int bits = Long.SIZE - 1 - (level + 1) * HEIGHT;
        return bits <= 0 ? 0 : (1L << bits) - 1;
    }

    /** Returns the path of the tile after {@code tile/}. */
    public String path() {
        return level + "/" + number() + partial();
    }

    /** Returns the path of the entries below a tile of level 0, after {@code tile/}. */
    public String entriesPath() {
        return "entries/" + number() + partial();
    }

    private String number() {
        StringBuilder text = new StringBuilder("%03d".formatted(index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            text.insert(0, "x%03d/".formatted(rest % 1000));
        }
        return text.toString();
    }

    private String partial() {
        return width == FULL ? "" : ".p/" + width;
    }
}
