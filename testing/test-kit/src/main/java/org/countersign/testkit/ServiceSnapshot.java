package org.countersign.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Everything that a service has written, for a comparison of two moments.
 *
 * @param tables the rows of each table, as a count and a hash, and the value of each sequence
 * @param records the end of each partition of Kafka
 * @param metrics the value of each metric of the service
 */
public record ServiceSnapshot(
        SortedMap<String, String> tables, SortedMap<String, Long> records, SortedMap<String, String> metrics) {

    /** The metrics of the machine, of idle connections and threads, and of the request for the metrics itself. */
    private static final Pattern MOVING_METRICS = Pattern.compile("(jvm|process|system|disk|application|executor|"
            + "hikaricp|jdbc|tomcat|logback|kafka|tasks|spring_kafka|spring_security|countersign_warmup)_.*"
            + "|.*actuator.*");

    private static final String CONTENT =
            "select count(*) || ' ' || coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') from %s t";

    /**
     * Takes a snapshot.
     *
     * @param moving the tables that change without any call
     * @param management the management port of the service
     */
    public static ServiceSnapshot take(TestServers.Database database, Set<String> moving, HttpProbe management)
            throws SQLException, ExecutionException, InterruptedException {
        return new ServiceSnapshot(read(database, moving), ends(), values(management));
    }

    private static SortedMap<String, String> read(TestServers.Database database, Set<String> moving)
            throws SQLException {
        SortedMap<String, String> tables = new TreeMap<>();
        try (Connection connection =
                        DriverManager.getConnection(database.url(), database.owner(), database.password());
                Statement statement = connection.createStatement()) {
            for (String table : names(statement, """
                    select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c
                    join pg_namespace n on n.oid = c.relnamespace
                    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')""")) {
                if (moving.stream().noneMatch(name -> table.endsWith("." + name))) {
                    tables.put(table, value(statement, CONTENT.formatted(table)));
                }
            }
            for (String sequence : names(statement, "select schemaname || '.' || sequencename from pg_sequences")) {
                tables.put(sequence, value(statement, "select last_value || ' ' || is_called from " + sequence));
            }
            tables.put("functions", value(statement, "select count(*)::text from pg_proc"));
        }
        return tables;
    }

    private static List<String> names(Statement statement, String query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static String value(Statement statement, String query) throws SQLException {
        return names(statement, query).get(0);
    }

    private static SortedMap<String, Long> ends() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafka()))) {
            Map<TopicPartition, OffsetSpec> ends =
                    admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get().values().stream()
                            .flatMap(topic -> topic.partitions().stream()
                                    .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get().entrySet().stream()
                    .collect(Collectors.toMap(
                            entry -> entry.getKey().toString(),
                            entry -> entry.getValue().offset(),
                            Math::max,
                            TreeMap::new));
        }
    }

    private static SortedMap<String, String> values(HttpProbe management) {
        SortedMap<String, String> metrics = new TreeMap<>();
        management
                .get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line ->
                        !line.startsWith("#") && !MOVING_METRICS.matcher(line).matches())
                .forEach(line -> metrics.put(
                        line.substring(0, line.lastIndexOf(' ')), line.substring(line.lastIndexOf(' ') + 1)));
        return metrics;
    }
}
