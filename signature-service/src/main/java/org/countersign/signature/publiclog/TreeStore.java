package org.countersign.signature.publiclog;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Stores tiles and checkpoints in the database. */
@Component
public class TreeStore {

    private static final int BATCH_SIZE = 500;
    private static final String STORE_HEAD = """
            insert into checkpoint (size, note)
            select ?, ? where not exists (select from checkpoint where size >= ?)""";
    private static final String STORE_TILE = """
            insert into tile (level, number, hashes) values (?, ?, ?)
            on conflict (level, number) do update set hashes = excluded.hashes""";

    private final JdbcTemplate database;
    private final TransactionTemplate transaction;

    TreeStore(JdbcTemplate database, TransactionTemplate transaction) {
        this.database = database;
        this.transaction = transaction;
    }

    /** Returns the newest checkpoint, or empty if there is none. */
    public Optional<SignedNote> newest() {
        return database.queryForList("select note from checkpoint order by size desc limit 1", String.class).stream()
                .findFirst()
                .map(SignedNote::parse);
    }

    /**
     * Reads a tile. Of a tile that has grown since, it returns the beginning.
     *
     * @throws EmptyResultDataAccessException if no stored tile is that wide
     */
    public byte[] read(Tile tile) {
        byte[] hashes = database.queryForObject(
                "select hashes from tile where level = ? and number = ?", byte[].class, tile.level(), tile.index());
        int length = tile.width() * Merkle.HASH_BYTES;
        if (hashes == null || hashes.length < length) {
            throw new EmptyResultDataAccessException("No stored tile is that wide", 1);
        }
        return hashes.length == length ? hashes : Arrays.copyOf(hashes, length);
    }

    /**
     * Stores the grown tiles and the new head.
     *
     * @return false, with nothing stored, if the head is not larger than all before
     */
    boolean store(Map<Tile, byte[]> tiles, Checkpoint head, SignedNote note) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            int stored = database.update(STORE_HEAD, head.size(), note.toString(), head.size());
            if (stored == 1) {
                database.batchUpdate(STORE_TILE, tiles.entrySet(), BATCH_SIZE, (statement, entry) -> {
                    statement.setInt(1, entry.getKey().level());
                    statement.setLong(2, entry.getKey().index());
                    statement.setBytes(3, entry.getValue());
                });
            }
            return stored == 1;
        }));
    }
}
