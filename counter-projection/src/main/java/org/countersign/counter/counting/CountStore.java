package org.countersign.counter.counting;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.countersign.counting.Fold;
import org.countersign.counting.Milestones;
import org.countersign.counting.PetitionCounts;
import org.countersign.events.SignatureStatus;
import org.countersign.support.sql.SqlArrays;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Stores counts: one statement for each table and batch, all in one transaction with the position. */
@Component
class CountStore {

    /** The statuses with a column of their name. */
    private static final Set<SignatureStatus> COUNTED = EnumSet.complementOf(EnumSet.of(SignatureStatus.NONE));

    private static final String MOVE_POSITION =
            "update position set global_index = ?, public_position = ? where global_index = ? and generation = ?";

    private final JdbcTemplate database;
    private final TransactionTemplate transaction;

    CountStore(JdbcTemplate database, TransactionTemplate transaction) {
        this.database = database;
        this.transaction = transaction;
    }

    /**
     * The position of the counts.
     *
     * @param index the index of the last counted event
     * @param publicPosition the public position of the last public entry
     * @param generation increases with each rebuild
     */
    record Position(long index, long publicPosition, long generation) {

        Position plus(Fold batch) {
            return new Position(index + batch.events(), batch.position(), generation);
        }
    }

    Position position() {
        return database.queryForObject(
                "select global_index, public_position, generation from position",
                (row, number) -> new Position(row.getLong(1), row.getLong(2), row.getLong(3)));
    }

    Map<TopicPartition, Long> partitionPositions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        database.query("select topic, partition, next_offset from partition_position", row -> {
            positions.put(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3));
        });
        return positions;
    }

    Map<String, PetitionCounts> counts() {
        Map<String, PetitionCounts> counts = new HashMap<>();
        database.query("""
                select petition, verified, pending, withdrawn, expired, invalidated, goal, own_milestones,
                    last_milestone, as_of_index, public_position, as_of
                from petition_count""", row -> {
            Milestones milestones = new Milestones(
                    Arrays.asList((Long[]) row.getArray("own_milestones").getArray()), row.getLong("goal"));
            counts.put(
                    row.getString("petition"),
                    new PetitionCounts(
                            milestones,
                            signatures(row),
                            row.getLong("last_milestone"),
                            row.getLong("as_of_index"),
                            row.getLong("public_position"),
                            row.getTimestamp("as_of").toInstant()));
        });
        return counts;
    }

    private static Map<SignatureStatus, Long> signatures(ResultSet row) throws SQLException {
        Map<SignatureStatus, Long> signatures = new EnumMap<>(SignatureStatus.class);
        for (SignatureStatus status : COUNTED) {
            signatures.put(status, row.getLong(status.text()));
        }
        return signatures;
    }

    /**
     * Stores a batch.
     *
     * @param from the position before the batch
     * @param batch the changes
     * @param offsets the next offset of each partition that moved
     * @throws PositionChangedException if the stored position is another; nothing is stored
     */
    void store(Position from, Fold batch, Map<TopicPartition, Long> offsets) {
        transaction.executeWithoutResult(status -> {
            Object[] values = {from.index() + batch.events(), batch.position(), from.index(), from.generation()};
            if (database.update(MOVE_POSITION, values) != 1) {
                throw new PositionChangedException();
            }
            storeOffsets(offsets);
            storeTallies(batch);
            storeCountries(batch);
            storeMinutes(batch);
            storeMilestones(batch.publicMilestones());
        });
    }

    private void storeOffsets(Map<TopicPartition, Long> offsets) {
        update(
                """
                insert into partition_position (topic, partition, next_offset)
                select * from unnest(?, ?, ?)
                on conflict (topic, partition) do update set next_offset = excluded.next_offset""",
                offsets.entrySet(),
                column("text", entry -> entry.getKey().topic()),
                column("int4", entry -> entry.getKey().partition()),
                column("int8", Map.Entry::getValue));
    }

    private void storeTallies(Fold batch) {
        update(
                """
                insert into petition_count (petition, verified, pending, withdrawn, expired, invalidated,
                    goal, own_milestones, last_milestone, as_of_index, public_position, as_of)
                select petition, verified, pending, withdrawn, expired, invalidated,
                    goal, own_milestones::bigint[], last_milestone, as_of_index, public_position, as_of
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    as row (petition, verified, pending, withdrawn, expired, invalidated,
                        goal, own_milestones, last_milestone, as_of_index, public_position, as_of)
                on conflict (petition) do update set verified = excluded.verified, pending = excluded.pending,
                    withdrawn = excluded.withdrawn, expired = excluded.expired, invalidated = excluded.invalidated,
                    last_milestone = excluded.last_milestone, as_of_index = excluded.as_of_index,
                    public_position = excluded.public_position, as_of = excluded.as_of""",
                batch.changes(),
                column("text", Fold.PetitionDelta::petition),
                column("int8", change -> change.counts().verified()),
                column("int8", change -> change.counts().pending()),
                column("int8", change -> change.counts().withdrawn()),
                column("int8", change -> change.counts().signatures(SignatureStatus.EXPIRED)),
                column("int8", change -> change.counts().signatures(SignatureStatus.INVALIDATED)),
                column("int8", change -> change.counts().milestones().goal()),
                column(
                        "text",
                        change -> SqlArrays.literal(change.counts().milestones().own())),
                column("int8", change -> change.counts().lastMilestone()),
                column("int8", change -> change.counts().asOfIndex()),
                column("int8", change -> change.counts().position()),
                column("timestamptz", change -> change.counts().asOf()));
    }

    private record CountryRow(String petition, String country, long verified) {}

    private void storeCountries(Fold batch) {
        List<CountryRow> rows = batch.changes().stream()
                .flatMap(change -> change.countries().entrySet().stream()
                        .map(entry -> new CountryRow(change.petition(), entry.getKey(), entry.getValue())))
                .toList();
        update(
                """
                insert into country_count (petition, country, verified)
                select * from unnest(?, ?, ?)
                on conflict (petition, country) do update set verified = country_count.verified + excluded.verified""",
                rows,
                column("text", CountryRow::petition),
                column("text", CountryRow::country),
                column("int8", CountryRow::verified));
    }

    private record MinuteRow(String petition, Fold.MinuteChange change) {}

    private void storeMinutes(Fold batch) {
        List<MinuteRow> rows = batch.changes().stream()
                .flatMap(change -> change.minutes().stream().map(minute -> new MinuteRow(change.petition(), minute)))
                .toList();
        List.of("minute", "hour", "day").forEach(bucket -> storeBuckets(bucket, rows));
    }

    private void storeBuckets(String bucket, List<MinuteRow> rows) {
        update(
                """
                insert into %1$s_count (petition, %1$s, verified, signed)
                select petition, date_trunc('%1$s', minute, 'UTC'), sum(verified), sum(signed)
                from unnest(?, ?, ?, ?) as row (petition, minute, verified, signed) group by 1, 2
                on conflict (petition, %1$s) do update set verified = %1$s_count.verified + excluded.verified,
                    signed = %1$s_count.signed + excluded.signed""".formatted(bucket),
                rows,
                column("text", MinuteRow::petition),
                column("timestamptz", row -> row.change().begin()),
                column("int8", row -> row.change().verified()),
                column("int8", row -> row.change().signed()));
    }

    private void storeMilestones(List<Fold.PublicMilestone> milestones) {
        update(
                """
                insert into milestone (petition, threshold, goal, reached_at, global_index, public_position)
                select * from unnest(?, ?, ?, ?, ?, ?)""",
                milestones,
                column("text", reached -> reached.event().petition().value()),
                column("int8", reached -> reached.event().threshold()),
                column("int8", reached -> reached.event().goal()),
                column("timestamptz", reached -> reached.event().at()),
                column("int8", reached -> reached.event().reachedBy()),
                column("int8", Fold.PublicMilestone::position));
    }

    /** Records an unreadable record once. */
    void recordUnreadable(String topic, int partition, long offset, String reason) {
        database.update(
                "insert into unreadable_record (topic, partition, position, reason) values (?, ?, ?, "
                        + "?) on conflict do nothing",
                topic,
                partition,
                offset,
                reason);
    }

    private record Column<T>(String type, Function<T, Object> value) {}

    private static <T> Column<T> column(String type, Function<T, Object> value) {
        return new Column<>(type, value);
    }

    @SafeVarargs
    private final <T> void update(String sql, Collection<T> rows, Column<T>... columns) {
        if (rows.isEmpty()) {
            return;
        }
        List<Column<T>> all = List.of(columns);
        database.update(sql, (PreparedStatement statement) -> setColumns(statement, rows, all));
    }

    private static <T> void setColumns(PreparedStatement statement, Collection<T> rows, List<Column<T>> columns)
            throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            Column<T> column = columns.get(i);
            Array array = statement
                    .getConnection()
                    .createArrayOf(
                            column.type(), rows.stream().map(column.value()).toArray());
            statement.setArray(i + 1, array);
        }
    }

    /** Another instance has counted in the meantime, or a rebuild has replaced the counts. */
    static class PositionChangedException extends RuntimeException {
        PositionChangedException() {
            super("Another instance has counted, or a rebuild has replaced the counts", null, false, false);
        }
    }
}
