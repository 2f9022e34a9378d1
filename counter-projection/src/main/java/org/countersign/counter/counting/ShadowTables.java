package org.countersign.counter.counting;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.countersign.counting.Fold;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Tables in which a rebuild counts, beside the shown tables. When both have the same index, one transaction copies the
 * differences. Readers see the old or the new counts, and no table is ever locked against them.
 */
@Component
class ShadowTables {

    /** A table of counts. */
    private record Table(String name, List<String> key, List<String> values) {

        private String deleteWhatIsNot() {
            return "delete from public.%1$s as shown where not exists (select from rebuild.%1$s as counted where %2$s)"
                    .formatted(
                            name,
                            key.stream()
                                    .map(column -> "counted." + column + " = shown." + column)
                                    .collect(Collectors.joining(" and ")));
        }

        private String takeWhatDiffers() {
            return """
                    insert into public.%1$s (%2$s) select %2$s from rebuild.%1$s except select %2$s from public.%1$s
                    on conflict (%3$s) do update set %4$s""".formatted(
                            name,
                            Stream.concat(key.stream(), values.stream()).collect(Collectors.joining(", ")),
                            String.join(", ", key),
                            values.stream()
                                    .map(column -> column + " = excluded." + column)
                                    .collect(Collectors.joining(", ")));
        }
    }

    private static final List<Table> TABLES = List.of(
            new Table("partition_position", List.of("topic", "partition"), List.of("next_offset")),
            new Table(
                    "petition_count",
                    List.of("petition"),
                    List.of(
                            "verified",
                            "pending",
                            "withdrawn",
                            "expired",
                            "invalidated",
                            "goal",
                            "own_milestones",
                            "last_milestone",
                            "as_of_index",
                            "public_position",
                            "as_of")),
            new Table("country_count", List.of("petition", "country"), List.of("verified")),
            new Table("minute_count", List.of("petition", "minute"), List.of("verified", "signed")),
            new Table("hour_count", List.of("petition", "hour"), List.of("verified", "signed")),
            new Table("day_count", List.of("petition", "day"), List.of("verified", "signed")),
            // The flag "published" of a milestone is not a count and stays as it is.
            new Table(
                    "milestone",
                    List.of("petition", "threshold"),
                    List.of("goal", "reached_at", "global_index", "public_position")));
    private static final String SHOWN_AND_COUNTED =
            "public.%1$s as shown full join rebuild.%1$s as counted using (%2$s)";
    private static final int MAX_LISTED_DIFFERENCES = 1000;

    private final JdbcTemplate database;
    private final CountStore store;

    ShadowTables(JdbcTemplate database, CountStore store) {
        this.database = database;
        this.store = store;
    }

    /** Empties the shadow tables and returns their position. */
    @Transactional
    CountStore.Position begin() {
        end();
        database.execute("insert into rebuild.position (global_index) values (0)");
        return new CountStore.Position(0, 0, 0);
    }

    /** Empties the shadow tables. The migrations create them, because the service's role may not. */
    void end() {
        database.execute("truncate rebuild.position, "
                + TABLES.stream().map(table -> "rebuild." + table.name).collect(Collectors.joining(", ")));
    }

    /** Stores a batch like {@link CountStore#store}. */
    @Transactional
    void store(CountStore.Position from, Fold batch, Map<TopicPartition, Long> offsets) {
        database.execute("set local search_path to rebuild");
        store.store(from, batch, offsets);
        database.execute("set local search_path to default");
    }

    /**
     * Locks the position of the shown counts until the transaction ends.
     *
     * @return the index of the last shown event
     */
    @Transactional(propagation = Propagation.MANDATORY)
    long lockPosition() {
        return Objects.requireNonNull(
                database.queryForObject("select global_index from public.position for update", Long.class));
    }

    /** Returns the first thousand differences between shown and shadow tables. The caller holds the lock. */
    List<Rebuild.CountDifference> differences() {
        return database.query(
                """
                select petition, what, shown, counted from (
                    select petition, 'verified' as what, shown.verified as shown, counted.verified as counted from %1$s
                    union all select petition, 'pending', shown.pending, counted.pending from %1$s
                    union all select petition, 'withdrawn', shown.withdrawn, counted.withdrawn from %1$s
                    union all select petition, 'expired', shown.expired, counted.expired from %1$s
                    union all select petition, 'invalidated', shown.invalidated, counted.invalidated from %1$s
                    union all select petition, 'last milestone', shown.last_milestone, counted.last_milestone from %1$s
                    union all select petition, 'public position', shown.public_position, counted.public_position
                        from %1$s
                    union all select petition, 'verified in ' || country, coalesce(shown.verified, 0),
                        coalesce(counted.verified, 0) from %2$s
                    union all select petition, 'event that reached ' || threshold, shown.global_index,
                        counted.global_index from %3$s
                    union all select petition, 'public position of milestone ' || threshold, shown.public_position,
                        counted.public_position from %3$s
                    %4$s) as both_of_each
                where shown is distinct from counted order by petition, what limit %5$d""".formatted(
                                joined("petition_count", "petition"),
                                joined("country_count", "petition, country"),
                                joined("milestone", "petition, threshold"),
                                Stream.of("minute", "hour", "day")
                                        .map(ShadowTables::differencesOfBuckets)
                                        .collect(Collectors.joining()),
                                MAX_LISTED_DIFFERENCES),
                (row, number) -> new Rebuild.CountDifference(
                        row.getString(1),
                        row.getString(2),
                        row.getObject(3, Long.class),
                        row.getObject(4, Long.class)));
    }

    private static String differencesOfBuckets(String width) {
        return """
                union all select petition, 'verified in the %1$s ' || to_char(%1$s at time zone 'UTC',
                    'YYYY-MM-DD"T"HH24:MI"Z"'),
                    coalesce(shown.verified, 0), coalesce(counted.verified, 0) from %2$s
                union all select petition, 'signed in the %1$s ' || to_char(%1$s at time zone 'UTC',
                    'YYYY-MM-DD"T"HH24:MI"Z"'),
                    coalesce(shown.signed, 0), coalesce(counted.signed, 0) from %2$s
                """.formatted(width, joined(width + "_count", "petition, " + width));
    }

    private static String joined(String table, String key) {
        return SHOWN_AND_COUNTED.formatted(table, key);
    }

    /** Copies the shadow tables to the shown ones. The caller holds the lock, and both have the same index. */
    @Transactional(propagation = Propagation.MANDATORY)
    void takeOver() {
        TABLES.forEach(table -> {
            database.update(table.deleteWhatIsNot());
            database.update(table.takeWhatDiffers());
        });
        database.update("""
                update public.position set generation = generation + 1,
                    public_position = (select public_position from rebuild.position)""");
    }
}
