package org.countersign.transparency;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tile of the tree as in C2SP tlog-tiles: up to 256 neighbouring hashes of one level.
 *
 * @param level 0 for the hashes of entries; a hash of the next level stands for a full tile of this
 * @param index from 0, within the level
 * @param width how many hashes it has, 1 to 256
 */
public record Tile(int level, long index, int width) {

    /** How many hashes a full tile has. */
    public static final int FULL = 256;

    /** How many levels of the tree a tile spans. */
    static final int HEIGHT = 8;

    private static final int HIGHEST_LEVEL = 63;
    private static final Pattern PATH =
            Pattern.compile("(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    /** What a path leads to: a tile, or the entries under a tile of level 0. */
    public record Request(Tile tile, boolean entries) {}

    /** Reads what follows {@code tile/} in a path; empty if it is no path of a tile. */
    public static Optional<Request> parse(String path) {
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
                && (matcher.group(3) == null || width < FULL)
                && tile.number().equals(matcher.group(2));
        return valid ? Optional.of(new Request(tile, entries)) : Optional.empty();
    }

    /** The path of the tile, after {@code tile/}. */
    public String path() {
        return level + "/" + number() + partial();
    }

    /** The path of the entries under a tile of level 0, after {@code tile/}. */
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
