package org.countersign.signature.publiclog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.countersign.counting.Milestones;
import org.countersign.support.sql.SqlArrays;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Stores tiles, checkpoints and the events behind the entries in the database. */
@Component
public class TreeStore {

    private static final int BATCH_SIZE = 500;
    /** Two leaders may read the same progress. The row lock lets the first move it, and the second finds it moved. */
    private static final String MOVE = """
            update tree_progress set size = ?, event_index = ? where size = ? and event_index = ?""";

    private static final String STORE_HEAD = "insert into checkpoint (size, note, event_index) values (?, ?, ?)";
    // A tile or a bundle never shrinks, even if two leaders write it.
    private static final String STORE_TILE = """
            insert into tile (level, number, hashes) values (?, ?, ?)
            on conflict (level, number) do update set hashes = excluded.hashes
                where length(excluded.hashes) > length(tile.hashes)""";
    private static final String STORE_BUNDLE = """
            insert into entry_bundle (number, first_event, entries) values (?, ?, ?)
            on conflict (number) do update set entries = excluded.entries
                where length(excluded.entries) > length(entry_bundle.entries)""";
    private static final String STORE_PETITION = """
            insert into logged_petition (petition, position, text, goal, milestones, verified, last_milestone)
            values (?, ?, ?, ?, cast(? as bigint[]), ?, ?)
            on conflict (petition) do update
                set verified = excluded.verified, last_milestone = excluded.last_milestone""";
    // A milestone may begin a bundle whose event's own entry ends the bundle before.
    private static final String BUNDLES_OF_EVENT = """
            select number, entries from entry_bundle where first_event <= ? order by first_event desc, number desc
            limit 2""";

    private final JdbcTemplate database;
    private final TransactionTemplate transaction;

    TreeStore(JdbcTemplate database, TransactionTemplate transaction) {
        this.database = database;
        this.transaction = transaction;
    }

    /**
     * How far the tree has come.
     *
     * @param size the number of entries
     * @param event the last event of the event log that the tree has read
     */
    record TreeProgress(long size, long event) {}

    /**
     * A signed head.
     *
     * @param note the checkpoint
     * @param event the last event of the event log that the tree had read
     */
    public record StoredHead(SignedNote note, long event) {

        /** Returns the number of entries. */
        public long size() {
            return Checkpoint.parse(note.text()).size();
        }
    }

    /**
     * What a reading of the event log adds to the tree.
     *
     * @param from the progress before
     * @param to the progress after
     * @param tiles the grown tiles
     * @param bundles the grown bundles of entries by number
     * @param petitions the changed petitions
     * @param head the new head, or empty if no event was public
     */
    record TreeGrowth(
            TreeProgress from,
            TreeProgress to,
            Map<Tile, byte[]> tiles,
            Map<Long, List<EntryRef>> bundles,
            List<LoggedPetition> petitions,
            Optional<SignedNote> head) {}

    /** Returns the newest checkpoint, or empty if there is none. */
    public Optional<SignedNote> newest() {
        return newestHead().map(StoredHead::note);
    }

    /** Returns the newest head, or empty if there is none. */
    public Optional<StoredHead> newestHead() {
        return database
                .query(
                        "select note, event_index from checkpoint order by size desc limit 1",
                        (row, number) -> new StoredHead(SignedNote.parse(row.getString(1)), row.getLong(2)))
                .stream()
                .findFirst();
    }

    TreeProgress progress() {
        return database.query(
                        "select size, event_index from tree_progress",
                        (row, number) -> new TreeProgress(row.getLong(1), row.getLong(2)))
                .get(0);
    }

    /** Returns the petitions of the log as of the newest entry. */
    List<LoggedPetition> petitions() {
        return database.query(
                "select petition, position, text, goal, milestones, verified, last_milestone from logged_petition",
                (row, number) -> new LoggedPetition(
                        row.getString(1),
                        row.getLong(2),
                        row.getString(3),
                        new Milestones(longs(row, 5), row.getLong(4)),
                        row.getLong(6),
                        row.getLong(7)));
    }

    private static List<Long> longs(ResultSet row, int column) throws SQLException {
        return List.of((Long[]) row.getArray(column).getArray());
    }

    /** Returns the fingerprints of the texts of petitions by slug. */
    Map<String, String> texts(Collection<String> petitions) {
        return database
                .query(
                        "select petition, text from logged_petition where petition = any (cast(? as text[]))",
                        (row, number) -> Map.entry(row.getString(1), row.getString(2)),
                        SqlArrays.literal(petitions))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Returns the position of the entry that publishes a petition, or empty if there is none yet. */
    OptionalLong petitionPosition(String petition) {
        return database
                .queryForList("select position from logged_petition where petition = ?", Long.class, petition)
                .stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** Returns the entries of a bundle: 256, or fewer of the last one. */
    List<EntryRef> bundle(long number) {
        return database.queryForList("select entries from entry_bundle where number = ?", byte[].class, number).stream()
                .findFirst()
                .map(EntryBundle::decode)
                .orElse(List.of());
    }

    /** Returns the entry at a position. */
    EntryRef entry(long position) {
        return bundle((position - 1) / Tile.FULL).get((int) ((position - 1) % Tile.FULL));
    }

    /** Returns the position of the entry of an event, or empty if there is none. */
    OptionalLong position(EntryRef entry) {
        return database
                .query(
                        BUNDLES_OF_EVENT,
                        (row, number) -> {
                            int place = EntryBundle.decode(row.getBytes(2)).indexOf(entry);
                            return place < 0 ? 0 : row.getLong(1) * Tile.FULL + place + 1;
                        },
                        entry.event())
                .stream()
                .mapToLong(Long::longValue)
                .filter(position -> position > 0)
                .findFirst();
    }

    /**
     * Returns the position of the entry of a milestone, or empty if there is none.
     *
     * @param event the index of the event that reached it
     */
    public OptionalLong milestonePosition(long event, long threshold) {
        return position(new EntryRef(event, threshold));
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
     * Stores what was added.
     *
     * @return false, with nothing stored, if another instance has moved the tree since
     */
    boolean store(TreeGrowth growth) {
        TreeProgress from = growth.from();
        TreeProgress to = growth.to();
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (database.update(MOVE, to.size(), to.event(), from.size(), from.event()) == 0) {
                return false;
            }
            growth.head().ifPresent(note -> database.update(STORE_HEAD, to.size(), note.toString(), to.event()));
            storeTiles(growth.tiles());
            storeBundles(growth.bundles());
            storePetitions(growth.petitions());
            return true;
        }));
    }

    private void storeTiles(Map<Tile, byte[]> tiles) {
        database.batchUpdate(STORE_TILE, tiles.entrySet(), BATCH_SIZE, (statement, entry) -> {
            statement.setInt(1, entry.getKey().level());
            statement.setLong(2, entry.getKey().index());
            statement.setBytes(3, entry.getValue());
        });
    }

    private void storeBundles(Map<Long, List<EntryRef>> bundles) {
        database.batchUpdate(STORE_BUNDLE, bundles.entrySet(), BATCH_SIZE, (statement, entry) -> {
            statement.setLong(1, entry.getKey());
            statement.setLong(2, entry.getValue().get(0).event());
            statement.setBytes(3, EntryBundle.encode(entry.getValue()));
        });
    }

    private void storePetitions(List<LoggedPetition> petitions) {
        database.batchUpdate(STORE_PETITION, petitions, BATCH_SIZE, (statement, petition) -> {
            statement.setString(1, petition.petition());
            statement.setLong(2, petition.position());
            statement.setString(3, petition.text());
            statement.setLong(4, petition.milestones().goal());
            statement.setString(5, SqlArrays.literal(petition.milestones().own()));
            statement.setLong(6, petition.verified());
            statement.setLong(7, petition.lastMilestone());
        });
    }
}
