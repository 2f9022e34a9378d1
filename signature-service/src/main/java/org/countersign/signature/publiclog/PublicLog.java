package org.countersign.signature.publiclog;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.countersign.signature.domain.Rejection;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.stereotype.Component;

/** Reads the public log: the signed head, hash tiles and entry bundles. */
@Component
public class PublicLog {

    private final TreeStore store;
    private final LeafSources sources;
    private final LeafEncoder leaves;
    private final LogKey key;

    PublicLog(TreeStore store, LeafSources sources, LeafEncoder leaves, LogKey key) {
        this.store = store;
        this.sources = sources;
        this.leaves = leaves;
        this.key = key;
    }

    /** Returns the public key of the log in the form {@code NAME+ID+BASE64}. */
    public String key() {
        return key.toString();
    }

    /**
     * Returns the newest signed head of the tree.
     *
     * @throws Rejection if the log is empty
     */
    public SignedNote checkpoint() {
        return store.newest().orElseThrow(() -> new Rejection(Rejection.Reason.EMPTY_LOG));
    }

    /**
     * Returns a tile of hashes, or the bundle of entries under one.
     *
     * @param request the tile, partial or full
     * @throws Rejection if the log is shorter
     */
    public byte[] tile(Tile.TileRequest request) {
        return request.entries() ? entries(request.tile()) : hashes(request.tile());
    }

    private byte[] hashes(Tile tile) {
        try {
            return store.read(tile);
        } catch (EmptyResultDataAccessException e) {
            throw noTile();
        }
    }

    /** Returns entries, each after its length in two bytes. */
    private byte[] entries(Tile tile) {
        List<EntryRef> stored = store.bundle(tile.index());
        if (stored.size() < tile.width()) {
            throw noTile();
        }
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (LeafSource source : sources.read(tile.index() * Tile.FULL + 1, stored.subList(0, tile.width()))) {
            byte[] entry = leaves.encode(source);
            bundle.write(entry.length >> 8);
            bundle.write(entry.length);
            bundle.writeBytes(entry);
        }
        return bundle.toByteArray();
    }

    private static Rejection noTile() {
        return new Rejection(Rejection.Reason.NO_TILE);
    }
}
