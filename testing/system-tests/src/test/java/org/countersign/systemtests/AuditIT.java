package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.countersign.localstack.client.ApiClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code countersign audit} and {@code projection}. What they find is made by tampering with everything; all of it but
 * two records in Kafka is undone.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration READERS_PAUSE = Duration.ofMillis(20);

    private static final RunningStack STACK = RunningStack.shared();
    private static final String FIRST_VERIFIED =
            "(select min(global_index) from event where type = 11 and petition = (select id from petition_name where slug = 'to-be-audited'))";

    private static String petition;
    private static long afterTwo;

    /** A petition with two confirmed signatures, then one of them withdrawn and a third one pending. */
    @BeforeAll
    static void sign() {
        petition = STACK.publish(Map.of("slug", "to-be-audited", "milestones", List.of(2)));
        String withdrawn = signAndConfirm("first@audit.example");
        signAndConfirm("second@audit.example");
        await().atMost(PATIENCE).until(() -> STACK.verified(petition) == 2);
        afterTwo = STACK.funnel(petition).get("asOfIndex").asLong();
        STACK.withdraw(withdrawn);
        STACK.sign(petition, "third@audit.example", Map.of());
        await().atMost(PATIENCE)
                .until(() -> STACK.funnel(petition).get("withdrawn").asLong() == 1
                        && STACK.funnel(petition).get("pending").asLong() == 1);
    }

    /** Signs and confirms, and gives the token that withdraws. */
    private static String signAndConfirm(String email) {
        STACK.sign(petition, email, Map.of());
        MailboxReader.Mail mail = STACK.mails().await(email, 1);
        STACK.confirm(mail.token("confirm"));
        return mail.token("withdraw");
    }

    private static RunningStack.Ended audit(String... arguments) {
        return STACK.run(Stream.concat(Stream.of("audit"), Stream.of(arguments)).toArray(String[]::new));
    }

    @Test
    @Order(1)
    void a_replay_from_store_or_kafka_equals_the_shown_counts() {
        String row = petition + " +1 +1 +1 +2 .*";
        RunningStack.Ended fromStore = audit("replay");
        assertThat(fromStore.status()).as(fromStore.output()).isZero();
        assertThat(fromStore.output().lines())
                .anyMatch(line -> line.matches(row))
                .hasSizeGreaterThan(3);
        RunningStack.Ended fromKafka = audit("replay", "--from-kafka", "--petition", petition);
        assertThat(fromKafka.status()).as(fromKafka.output()).isZero();
        assertThat(fromKafka.output().lines())
                .anyMatch(line -> line.matches(row))
                .hasSize(3);
    }

    @Test
    @Order(2)
    void a_replay_shows_the_counts_as_they_stood_at_a_moment() {
        assertThat(audit("replay", "--at", Long.toString(afterTwo)).output().lines())
                .anyMatch(line -> line.matches(petition + " +2 +0 +0 +2 .*"));
        assertThat(audit("replay", "--petition", petition, "--at", Long.toString(afterTwo), "--from-kafka")
                        .output()
                        .lines())
                .anyMatch(line -> line.matches(petition + " +2 +0 +0 +2 .*"));
        assertThat(audit("replay", "--at", "2001-01-01T00:00:00Z").output())
                .contains("0 events")
                .doesNotContain(petition);
        RunningStack.Ended mistaken = audit("replay", "--at", "yesterday");
        assertThat(mistaken.status()).isEqualTo(1);
        assertThat(mistaken.output()).contains("at must be a time such as");
        assertThat(audit("replay", "--petition", "nowhere").output()).contains("404");
        assertThat(audit("replay", "--from-store", "--from-kafka").status()).isEqualTo(2);
    }

    @Test
    @Order(3)
    void nothing_differs_as_long_as_nobody_tampers() {
        RunningStack.Ended ended = audit("reconcile");
        assertThat(ended.output()).contains(" 0 differences");
        assertThat(ended.status()).as(ended.output()).isZero();
    }

    static Stream<Arguments> tamperings() {
        String keep = "create table kept as select * from event where global_index in (" + FIRST_VERIFIED + ", "
                + FIRST_VERIFIED + " + 1);";
        String restore =
                "delete from event where global_index in (select global_index from kept) or global_index > (select last_index from log_head);"
                        + " insert into event select * from kept; drop table kept";
        return Stream.of(
                Arguments.of(
                        "a row deleted",
                        "signature_service",
                        keep + "delete from event where global_index = " + FIRST_VERIFIED,
                        restore,
                        List.of("event store, event N: is missing"),
                        ".*/log/tile/entries/.* answers 500\\."),
                Arguments.of(
                        "a row inserted",
                        "signature_service",
                        keep
                                + "insert into event select (select last_index + 1 from log_head), stream, time, trace, petition, sequence + 1, type, data, mac"
                                + " from event where global_index = " + FIRST_VERIFIED,
                        restore,
                        List.of("event store, event [0-9]+: is beyond the head of the log"),
                        ""),
                Arguments.of(
                        "a row altered",
                        "signature_service",
                        keep
                                + "update event set data = convert_to(replace(convert_from(data, 'UTF8'), '\"NL\"', '\"DE\"'), 'UTF8')"
                                + " where global_index = " + FIRST_VERIFIED,
                        restore,
                        List.of(
                                "event store, event N: has no valid MAC; it claims to be .*",
                                "event store, event N: differs from Kafka, which has the recorded event",
                                "counter, event [0-9]+: to-be-audited, verified in NL: .*"),
                        "The entries that the log serves do not match its signed head of .*"),
                Arguments.of(
                        "two rows swapped",
                        "signature_service",
                        keep + "delete from event where global_index in (select global_index from kept);"
                                + " insert into event select global_index + case when global_index = (select min(global_index) from kept) then 1 else -1 end,"
                                + " stream, time, trace, petition, sequence, type, data, mac from kept",
                        restore,
                        List.of(
                                "kafka, event N: ce_id is .*",
                                "event store, event N: is not at the position that its stream records"),
                        "The entries that the log serves do not match its signed head of .*"),
                Arguments.of(
                        "a row back-dated",
                        "signature_service",
                        keep + "update event set time = time - interval '1 day' where global_index = " + FIRST_VERIFIED,
                        restore,
                        List.of("event store, event N: has no valid MAC; it claims to be .*"),
                        "Entry [0-9]+ is dated .*, but follows an entry dated .*"),
                Arguments.of(
                        "a count edited",
                        "counter_projection",
                        "update petition_count set verified = verified + 1000 where petition = 'to-be-audited'",
                        "update petition_count set verified = verified - 1000 where petition = 'to-be-audited'",
                        List.of(
                                "counter, event [0-9]+: to-be-audited, verified: the counter shows 1001, the history gives 1"),
                        ""),
                Arguments.of(
                        "a country edited",
                        "counter_projection",
                        "insert into country_count values ('to-be-audited', 'FR', 3)",
                        "delete from country_count where petition = 'to-be-audited' and country = 'FR'",
                        List.of("counter, event [0-9]+: to-be-audited, verified in FR: the counter shows 3, .* none"),
                        ""),
                Arguments.of(
                        "a day edited",
                        "counter_projection",
                        "update day_count set verified = verified + 5 where petition = 'to-be-audited'",
                        "update day_count set verified = verified - 5 where petition = 'to-be-audited'",
                        List.of(
                                "counter, event [0-9]+: to-be-audited, verified in the day .*: the counter shows 6, the history gives 1"),
                        ""),
                Arguments.of(
                        "a milestone moved",
                        "counter_projection",
                        "update milestone set global_index = global_index - 1 where petition = 'to-be-audited'",
                        "update milestone set global_index = global_index + 1 where petition = 'to-be-audited'",
                        List.of("counter, event [0-9]+: to-be-audited, event that reached 2: .*"),
                        ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tamperings")
    @Order(4)
    void tampering_is_found_and_named(
            String what, String database, String tamper, String undo, List<String> found, String foundInLog)
            throws SQLException {
        long index;
        try (Connection connection = STACK.connect(database);
                Statement statement = connection.createStatement()) {
            index = database.equals("signature_service") ? number(statement, "select " + FIRST_VERIFIED) : 0;
            statement.execute(tamper);
        }
        try {
            RunningStack.Ended ended = audit("reconcile");
            assertThat(ended.status()).as(ended.output()).isEqualTo(1);
            for (String line : found) {
                assertThat(ended.output().lines())
                        .as(ended.output())
                        .anyMatch(text -> text.matches(line.replace("event N", "event " + index)));
            }
            if (!foundInLog.isEmpty()) {
                RunningStack.Ended log = audit("log");
                assertThat(log.status()).as(log.output()).isEqualTo(1);
                assertThat(log.output().lines()).as(log.output()).anyMatch(text -> text.matches(foundInLog));
            }
        } finally {
            try (Connection connection = STACK.connect(database);
                    Statement statement = connection.createStatement()) {
                statement.execute(undo);
            }
        }
    }

    @Test
    @Order(5)
    void a_rebuild_during_a_burst_is_invisible_to_readers() throws Exception {
        String signed = STACK.publish(Map.of("slug", "signed-meanwhile"));
        await().atMost(PATIENCE).until(() -> STACK.verified(signed) == 0);
        try (Connection connection = STACK.connect("counter_projection");
                Statement statement = connection.createStatement()) {
            statement.execute("insert into country_count values ('to-be-audited', 'FR', 3)");
        }
        CompletableFuture<RunningStack.Ended> burst = CompletableFuture.supplyAsync(() ->
                STACK.run("burst", "--petition", signed, "--signatures", "3000", "--rate", "200", "--verify", "0.1"));
        CompletableFuture<List<ApiClient.ApiResponse>> reader =
                CompletableFuture.supplyAsync(() -> readUntil(burst, signed));
        await().atMost(PATIENCE).until(() -> STACK.funnel(signed).get("pending").asLong() > 0);
        RunningStack.Ended mended = STACK.run("projection", "rebuild");
        assertThat(mended.output())
                .contains("to-be-audited, verified in FR: was 3, is 0", "Counts rebuilt up to event");
        assertThat(mended.status()).isZero();
        assertThat(burst.isDone()).as("the burst had ended before").isFalse();
        assertThat(STACK.run("projection", "rebuild").output()).contains("No differences");

        assertThat(burst.get().status()).as(burst.get().output()).isZero();
        assertThat(reader.get())
                .hasSizeGreaterThan(10)
                .extracting(ApiClient.ApiResponse::status)
                .containsOnly(200);
        assertThat(reader.get())
                .extracting(answer -> answer.json().get("position").asLong())
                .isSorted();
        assertThat(reader.get())
                .extracting(answer -> answer.json().get("verified").asLong())
                .isSorted();
    }

    private static List<ApiClient.ApiResponse> readUntil(CompletableFuture<?> done, String slug) {
        ApiClient api = new ApiClient();
        List<ApiClient.ApiResponse> read = new ArrayList<>();
        while (!done.isDone()) {
            read.add(
                    api.get(STACK.ports().counterProjection(), "/api/petitions/" + slug + "/counts", Optional.empty()));
            // What is tested needs the cores too.
            LockSupport.parkNanos(READERS_PAUSE.toNanos());
        }
        return read;
    }

    @Test
    @Order(6)
    void nothing_differs_any_more_when_all_of_it_is_undone() {
        assertThat(audit("reconcile").output()).contains(" 0 differences");
    }

    @Test
    @Order(7)
    void a_stranger_can_check_the_log_and_sees_when_it_was_rolled_back(@TempDir Path directory) throws SQLException {
        String known = directory.resolve("head").toString();
        RunningStack.Ended first = audit("log", "--known", known);
        assertThat(first.status()).as(first.output()).isZero();
        assertThat(first.output())
                .containsPattern("[0-9]+ entries of localhost/log checked with the key that it serves, 0 problems");
        long before = STACK.verified(petition);
        signAndConfirm("fourth@audit.example");
        await().atMost(PATIENCE).until(() -> STACK.verified(petition) == before + 1);
        RunningStack.Ended second =
                audit("log", "http://127.0.0.1:" + STACK.ports().signatureService() + "/log", "--known", known);
        assertThat(second.status()).as(second.output()).isZero();
        try (Connection connection = STACK.connect("signature_service");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table kept as select * from checkpoint order by size desc limit 1; delete from checkpoint where size = (select size from kept)");
            RunningStack.Ended rolledBack = audit("log", "--known", known);
            assertThat(rolledBack.status()).isEqualTo(1);
            assertThat(rolledBack.output()).contains("The log was rolled back");
            statement.execute("insert into checkpoint select * from kept; drop table kept");
        }
        assertThat(audit("log", "--key", "somebody.else+00000000+AAAA").output())
                .contains("NAME+ID+BASE64");
    }

    @Test
    @Order(7)
    void a_receipt_survives_growth_and_erasure_but_no_changed_letter(@TempDir Path directory) throws IOException {
        STACK.sign(petition, "receipt@audit.example", Map.of("name", "Renate Receipt"));
        STACK.confirm(STACK.mails().await("receipt@audit.example", 1).token("confirm"));
        String token = STACK.mails().await("receipt@audit.example", 2).token("my-data");
        Path file = directory.resolve("receipt.json");
        await().atMost(PATIENCE).until(() -> {
            ApiClient.ApiResponse answer = new ApiClient()
                    .get(STACK.ports().signatureService(), "/api/signatures/receipt?token=" + token, Optional.empty());
            Files.writeString(file, answer.body());
            return answer.status() == 200;
        });
        String key = new ApiClient()
                .get(STACK.ports().signatureService(), "/log/key", Optional.empty())
                .body()
                .strip();
        RunningStack.Ended holds = RunningStack.run(Map.of(), "audit", "receipt", file.toString(), "--key", key);
        assertThat(holds.output())
                .contains(
                        "SignatureVerified, of the petition to-be-audited, in the name of Renate Receipt",
                        "The text that was signed, with the fingerprint ",
                        "contained all of this when it had");
        assertThat(holds.status()).isZero();

        assertThat(STACK.run("burst", "--signatures", "300", "--petition", petition)
                        .status())
                .isZero();
        ApiClient.require(
                200,
                new ApiClient()
                        .post(
                                STACK.ports().signatureService(),
                                "/api/signatures/erase",
                                Map.of("token", token),
                                Optional.empty()));
        assertThat(RunningStack.run(Map.of(), "audit", "receipt", file.toString(), "--key", key)
                        .status())
                .isZero();

        String receipt = Files.readString(file);
        for (String changed : List.of(
                receipt.replace("SignatureVerified", "SignatureVerifies"),
                receipt.replace("country\\\":\\\"NL", "country\\\":\\\"DE"),
                receipt.replace("/log\\n", "/log\\n9"),
                receipt.replace("\"salt\":\"", "\"salt\":\"00"),
                "{}",
                "nothing")) {
            assertThat(changed).isNotEqualTo(receipt);
            Files.writeString(file, changed);
            RunningStack.Ended ended = RunningStack.run(Map.of(), "audit", "receipt", file.toString(), "--key", key);
            assertThat(ended.status()).as(changed).isEqualTo(1);
            assertThat(ended.output()).contains("The receipt is invalid");
        }
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    @Order(8)
    void what_comes_twice_or_from_elsewhere_in_kafka_is_found_and_named() throws Exception {
        long before = STACK.verified(petition);
        Map<String, Object> servers =
                Map.of("bootstrap.servers", "127.0.0.1:" + STACK.ports().kafka());
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(servers, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("signature-events").stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
                return !records.isEmpty();
            });
            ConsumerRecord<byte[], byte[]> copied = records.get(0);
            producer.send(new ProducerRecord<>(
                            copied.topic(), copied.partition(), copied.key(), copied.value(), copied.headers()))
                    .get();
            producer.send(new ProducerRecord<>(copied.topic(), copied.partition(), copied.key(), "{}".getBytes()))
                    .get();
        }
        RunningStack.Ended ended = audit("reconcile");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output().lines())
                .as(ended.output())
                .anyMatch(line ->
                        line.matches("kafka, event [0-9]+: is a duplicate or out of order, at signature-events-.*"))
                .anyMatch(line -> line.matches("kafka: the record signature-events-.* has no valid MAC"))
                .anyMatch(line -> line.contains(" 2 differences"));
        assertThat(STACK.verified(petition)).as("the counter passes over both").isEqualTo(before);
    }

    @Test
    @Order(9)
    void events_recorded_with_the_service_role_alone_are_not_counted_but_found_and_named() throws SQLException {
        long before = STACK.verified(petition);
        List<Long> forged = new ArrayList<>();
        try (Connection connection = STACK.connectAsService("signature_service");
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 5; i++) {
                forged.add(number(statement, """
                        select appended_as from append_events(array[1], array[gen_random_uuid()], array[0],
                            array[(select min(id) from petition_name)], array[11::smallint], array[now()],
                            array[null::uuid], array[(select data from event where global_index = %1$s)],
                            array[null::bytea], array[(select mac from event where global_index = %1$s)],
                             array[false], array[null::bigint], 0)""".formatted(FIRST_VERIFIED)));
            }
        }
        await().atMost(PATIENCE).until(() -> {
            RunningStack.Ended ended = audit("reconcile");
            return forged.stream()
                    .allMatch(index -> ended.output().contains("event store, event " + index + ": has no valid MAC"));
        });
        assertThat(STACK.verified(petition)).isEqualTo(before);
    }
}
