package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.countersign.localstack.client.ApiClient;
import org.junit.jupiter.api.Test;

/** Looks everywhere for the name, the address and the comment of somebody who has signed. */
class PersonalDataIT {

    private static final List<String> SECRETS = List.of(
            "Zebulon", "Quixworth", "zebulon.q", "because of my zither", "Ottilie", "Xylander", "Balthasar", "Yarrow");

    private final RunningStack stack = RunningStack.shared();
    private List<String> secrets = SECRETS;
    /** The beginning of the names of tables that may hold the secrets. */
    private Optional<String> place = Optional.empty();

    /** Somebody signs, repeats, confirms and withdraws; mistakes are made too, since errors are what logs are about. */
    private void everythingHappens() {
        String petition = stack.publish(Map.of(
                "slug",
                "personal-data",
                "milestones",
                List.of(1),
                "organiser",
                Map.of("name", "Ottilie Xylander", "email", "ottilie.xylander@pool.example")));
        ApiClient api = new ApiClient();
        ApiClient.require(
                201,
                api.post(
                        stack.ports().signatureService(),
                        "/api/petitions/" + petition + "/alerts",
                        Map.of("name", "Balthasar Yarrow", "email", "balthasar.yarrow@pool.example"),
                        RunningStack.organiser()));
        String email = "zebulon.q@example.org";
        Map<String, Object> form =
                Map.of("name", "Zebulon Quixworth", "comment", "because of my zither", "updates", true);
        stack.sign(petition, "Zebulon.Q@example.org", form);
        stack.sign(petition, "Zebulon.Q+again@example.org", form);
        MailboxReader.Mail confirmation = stack.mails().await(email, 1);
        stack.confirm(confirmation.token("confirm"));
        stack.mails().await("ottilie.xylander@pool.example", 1);
        stack.mails().await("balthasar.yarrow@pool.example", 1);
        stack.sign(petition, "Zebulon.Q@example.org", form);
        stack.mails().awaitAll(email, 3);
        stack.withdraw(confirmation.token("withdraw"));
        api.post(
                stack.ports().signatureService(),
                "/api/petitions/" + petition + "/signatures",
                Map.of(
                        "name",
                        "Zebulon Quixworth",
                        "email",
                        "zebulon.q at example.org",
                        "country",
                        "??",
                        "comment",
                        "because of my zither"),
                Optional.empty());
        api.post(
                stack.ports().signatureService(),
                "/api/petitions/" + petition + "/signatures",
                "Zebulon Quixworth",
                Optional.empty());
        await().atMost(Duration.ofMinutes(1))
                .until(() -> stack.funnel(petition).path("withdrawn").asLong() == 1);
    }

    /** As text, and as PostgreSQL shows bytes. */
    private boolean isFound(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return secrets.stream().map(secret -> secret.toLowerCase(Locale.ROOT)).anyMatch(lower::contains)
                || secrets.stream()
                        .anyMatch(secret ->
                                lower.contains(HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8))))
                || secrets.stream()
                        .anyMatch(secret -> text.contains(Base64.getEncoder()
                                .withoutPadding()
                                .encodeToString(secret.getBytes(StandardCharsets.UTF_8))
                                .substring(0, 6)));
    }

    @Test
    void personal_data_is_in_no_record_table_log_or_metric() throws IOException, SQLException {
        everythingHappens();
        List<String> found = new ArrayList<>();
        int records = lookThroughKafka(found);
        int rows = lookThroughTables(found);
        int lines = lookThroughLogs(found);
        for (int port : List.of(
                stack.ports().signatureServiceManagement(),
                stack.ports().counterProjectionManagement(),
                stack.ports().notifierManagement())) {
            look(
                    "the metrics on port " + port,
                    new ApiClient()
                            .get(port, "/actuator/prometheus", Optional.empty())
                            .body(),
                    found);
        }
        assertThat(found).isEmpty();
        assertThat(List.of(records, rows, lines))
                .as("how many records, rows and lines were looked at")
                .allMatch(count -> count > 5);
    }

    /** The keyed hash of the mail domain of the only signer of a petition. */
    private long domainHash(String petition) throws SQLException {
        try (Connection connection = stack.connect("signature_service");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select s.domain from signing_signal s join petition_name p on p.id = s.petition where p.slug = '"
                                + petition + "'")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    @Test
    void a_signal_is_in_no_record_other_table_log_or_metric() throws IOException, SQLException {
        String petition = stack.publish(Map.of("slug", "signal-data"));
        stack.sign(petition, "quentin@signals-quince.org", Map.of("name", "Quentin Quince"));
        await().atMost(Duration.ofMinutes(1)).until(() -> domainHash(petition) != 0);
        long hash = domainHash(petition);
        stack.mails().await("quentin@signals-quince.org", 1);
        secrets = List.of(Long.toString(hash), "%016x".formatted(hash));
        place = Optional.of("public.signing_signal");
        List<String> found = new ArrayList<>();
        assertThat(lookThroughKafka(found)).isPositive();
        assertThat(lookThroughTables(found)).isPositive();
        assertThat(lookThroughLogs(found)).isPositive();
        look(
                "the metrics of the signature service",
                new ApiClient()
                        .get(stack.ports().signatureServiceManagement(), "/actuator/prometheus", Optional.empty())
                        .body(),
                found);
        assertThat(found).isEmpty();
    }

    private void look(String place, String text, List<String> found) {
        if (isFound(text)) {
            found.add(place + ": " + text.substring(0, Math.min(300, text.length())));
        }
    }

    private int lookThroughKafka(List<String> found) {
        int records = 0;
        Map<String, Object> settings =
                Map.of("bootstrap.servers", "127.0.0.1:" + stack.ports().kafka());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(Duration.ofSeconds(1))) {
                    records++;
                    look(
                            entry.topic(),
                            new String(entry.value() == null ? new byte[0] : entry.value(), StandardCharsets.UTF_8),
                            found);
                    look(
                            entry.topic(),
                            new String(entry.key() == null ? new byte[0] : entry.key(), StandardCharsets.UTF_8),
                            found);
                    entry.headers()
                            .forEach(header ->
                                    look(entry.topic(), new String(header.value(), StandardCharsets.UTF_8), found));
                }
            }
        }
        return records;
    }

    private int lookThroughTables(List<String> found) throws SQLException {
        int rows = 0;
        for (String database : List.of("signature_service", "counter_projection", "notifier")) {
            try (Connection connection = stack.connect(database);
                    Statement statement = connection.createStatement()) {
                List<String> tables = new ArrayList<>();
                try (ResultSet names = statement.executeQuery(
                        "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")) {
                    while (names.next()) {
                        tables.add(names.getString(1));
                    }
                }
                tables.removeIf(table -> place.filter(table::startsWith).isPresent());
                for (String table : tables) {
                    rows += lookThroughTable(database + "." + table, statement, table, found);
                }
            }
        }
        return rows;
    }

    private int lookThroughTable(String place, Statement statement, String table, List<String> found)
            throws SQLException {
        int rows = 0;
        try (ResultSet all = statement.executeQuery("select t::text from " + table + " t")) {
            while (all.next()) {
                rows++;
                look(place, all.getString(1), found);
            }
        }
        return rows;
    }

    private int lookThroughLogs(List<String> found) throws IOException {
        List<String> lines = new ArrayList<>(stack.output());
        try (Stream<Path> logs = Files.list(stack.data().resolve("logs"))) {
            for (Path log : logs.toList()) {
                lines.addAll(Files.readAllLines(log));
            }
        }
        lines.forEach(line -> look("a log", line, found));
        return lines.size();
    }
}
