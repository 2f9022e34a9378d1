package org.countersign.signature.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.countersign.events.CloudEvent;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.events.Topics;
import org.countersign.localstack.server.FreePorts;
import org.countersign.localstack.server.KafkaBroker;
import org.countersign.signature.ServiceUnderTest;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.PseudonymousIds;
import org.countersign.signature.relay.KafkaReader;
import org.countersign.testkit.TestServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The attack of the review: somebody has the service's own database role, and can write to Kafka. */
class ForgedEventsTest extends ServiceUnderTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final TestServers.Database DATABASE = TestServers.database();
    /** Relays of other tests must not publish to it. */
    private static final KafkaBroker KAFKA = kafka();

    private static final int SIGNED = 10;
    private static final int VERIFIED = 11;

    @Autowired
    private PseudonymousIds ids;

    /** The database with the rights of the service. */
    @Autowired
    private JdbcClient service;

    @Autowired
    private DataSource connections;

    private static KafkaBroker kafka() {
        Path directory = TestServers.temporaryDirectory();
        KafkaBroker broker = KafkaBroker.start(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                directory.resolve("kafka"),
                directory.resolve("kafka.log"),
                FreePorts.any(),
                FreePorts.any());
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        return broker;
    }

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", DATABASE::url);
        properties.add("spring.datasource.username", DATABASE::user);
        properties.add("spring.datasource.password", DATABASE::password);
        properties.add("spring.flyway.user", DATABASE::owner);
        properties.add("spring.flyway.password", DATABASE::password);
        properties.add("spring.kafka.bootstrap-servers", KAFKA::bootstrapServers);
    }

    @Test
    void invented_signatures_are_not_counted_and_signing_goes_on() throws Exception {
        String petition = publishedPetition();
        signAndConfirm(petition, Map.of("name", "Anna", "email", "anna@example.org", "country", "AM"));
        String annasSignature = onlySignature(petition);

        // Five invented signatures, and Anna's confirmation eleven times more.
        for (int i = 0; i < 5; i++) {
            UUID invented = UUID.randomUUID();
            append(invented, 0, petition, SIGNED, signed());
            append(invented, 1, petition, VERIFIED, verified());
        }
        for (int sequence = 2; sequence < 13; sequence++) {
            append(UUID.fromString(annasSignature), sequence, petition, VERIFIED, verified());
        }
        // A type and a petition that do not exist, a place at the end of a stream, and a time without end.
        append(UUID.randomUUID(), Integer.MAX_VALUE, petition, 99, "no JSON");
        service.sql("select appended_as from append_events('{1}', ?::uuid[], '{0}', '{99999}', '{11}', '{infinity}', "
                        + "'{null}', '{x}', '{null}', '{x}', '{false}', '{null}', 0)")
                .param("{" + UUID.randomUUID() + "}")
                .query(Long.class)
                .single();
        // Bela has not signed, and somebody has put an event in the place of his first one.
        UUID bela = ids.of(new PetitionSlug(petition), EmailAddress.parse("bela@example.org"))
                .value();
        append(bela, 0, petition, SIGNED, "no JSON");
        forgeInKafka(petition);

        assertThat(verifiedCount("store", petition)).isEqualTo(1);
        assertThat(sign(petition, "bela@example.org").status()).isEqualTo(202);
        await().atMost(TIMEOUT)
                .until(() -> service.sql("select count(*) from stream_event where stream = ?")
                                .param(bela)
                                .query(Long.class)
                                .single()
                        == 2);
        assertThat(withToken("verify", mailData(bela.toString(), 1).confirmToken())
                        .status())
                .isEqualTo(200);
        // Anna's signature is not blocked either.
        assertThat(withToken("withdraw", mailData(annasSignature, 1).withdrawToken())
                        .status())
                .isEqualTo(200);
        assertThat(sign(petition, "carla@example.org").status()).isEqualTo(202);
        assertThat(verifiedCount("store", petition)).isEqualTo(1);
        awaitAllPublished();
        assertThat(verifiedCount("kafka", petition)).isEqualTo(1);

        List<String> problems = problems("store");
        assertThat(problems).hasSize(5 * 2 + 11 + 2 + 1).allMatch(problem -> problem.endsWith("has no valid MAC"));
        assertThat(problems("kafka")).hasSize(problems.size() + 1).anyMatch(problem -> problem.contains("the record"));
        List<ConsumerRecord<byte[], byte[]>> markers = KafkaReader.all(KAFKA.bootstrapServers()).stream()
                .filter(record -> CloudEvent.isMarker(name -> bytes(record, name)))
                .toList();
        assertThat(markers).hasSize(problems.size()).allMatch(record -> record.value() == null);
        assertThat(management().get("/actuator/prometheus").body())
                .contains("countersign_log_unauthentic_total " + (double) problems.size());
        assertThat(management().get("/actuator/health/authenticity").body()).contains("DEGRADED");
        assertThat(management()
                        .get("/actuator/health/readiness")
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("UP");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into event (global_index, stream, time, petition, sequence, type, data, mac) "
                        + "values (1000, gen_random_uuid(), now(), 1, 0, 11, '', '')",
                "update event set data = ''",
                "delete from event",
                "truncate event",
                "insert into stream_event (stream, sequence, global_index) values (gen_random_uuid(), 0, 1)",
                "update stream_event set secret = null",
                "delete from stream_event",
                "update log_head set last_index = 0",
                "update petition_name set slug = 'another'",
                "update checkpoint set note = ''",
                "delete from checkpoint",
                "delete from tile",
                "update key_pin set fingerprint = ''",
                "delete from key_pin",
                "delete from unauthentic_event",
                "create table mine (id integer)",
                "create function append_events() returns integer language sql as 'select 1'",
                "alter table event disable trigger all",
                "drop table event",
                "set role postgres"
            })
    void the_role_of_the_service_may_do_only_what_it_needs(String forbidden) {
        assertThatThrownBy(() -> service.sql(forbidden).update())
                .hasRootCauseInstanceOf(SQLException.class)
                .rootCause()
                .message()
                .containsAnyOf("permission denied", "must be owner");
    }

    @Test
    void a_temporary_table_hides_no_real_one() throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create temporary table event (id integer)");
            try (ResultSet row = statement.executeQuery("select 'event'::regclass = 'public.event'::regclass")) {
                row.next();
                assertThat(row.getBoolean(1)).isTrue();
            } finally {
                statement.execute("drop table pg_temp.event");
            }
        }
    }

    private static byte[] bytes(ConsumerRecord<byte[], byte[]> record, String name) {
        String text = KafkaReader.header(record, name);
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static String signed() {
        return "{\"round\":1,\"country\":\"AM\",\"was\":\"none\",\"becomes\":\"pending\",\"public\":true,"
                + "\"updates\":false,\"sealed\":\"AAAA\"}";
    }

    private static String verified() {
        return "{\"round\":1,\"country\":\"AM\",\"was\":\"pending\",\"becomes\":\"verified\",\"updates\":false}";
    }

    /** Appends with the service's own role. The attacker copies the MAC of another event. */
    private void append(UUID stream, int sequence, String petition, int type, String data) {
        service.sql("""
                        select appended_as from append_events(array[1], array[?::uuid], array[?],
                            array[(select id from petition_name where slug = ?)], array[?::smallint], array[now()],
                            array[null::uuid], array[convert_to(?, 'UTF8')], array[convert_to('secret', 'UTF8')],
                            array[(select mac from event order by global_index limit 1)],
                            array[false], array[null::bigint], 0)""")
                .params(stream, sequence, petition, type, data)
                .query(Long.class)
                .single();
    }

    private static void forgeInKafka(String petition) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KAFKA.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            SignatureId invented = new SignatureId(UUID.randomUUID());
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    Topics.SIGNATURE_EVENTS, invented.toString().getBytes(StandardCharsets.UTF_8), utf8(verified()));
            Map.of(
                            "ce_specversion", "1.0",
                            "ce_id", invented + ":1",
                            "ce_source", "/signature-service",
                            "ce_type", "org.countersign.SignatureVerified",
                            "ce_time", "2030-05-01T12:00:00Z",
                            "ce_subject", invented.toString(),
                            "ce_petition", petition,
                            "ce_index", "1000000",
                            "ce_mac", "AQAAAAAAAAAAAAAAAAAAAAA=")
                    .forEach((name, value) -> record.headers().add(name, utf8(value)));
            producer.send(record).get();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private long verifiedCount(String from, String petition) {
        return lines("/api/audit/replay?from=" + from).stream()
                .filter(line -> line.path("petition").asString("").equals(petition))
                .mapToLong(line -> line.get("verified").asLong())
                .sum();
    }

    private List<String> problems(String from) {
        return lines("/api/audit/replay?from=" + from).stream()
                .filter(line -> line.get("is").asString("").equals("problem"))
                .map(line -> line.get("problem").asString())
                .toList();
    }

    private List<JsonNode> lines(String path) {
        List<JsonNode> lines = new ArrayList<>();
        get(path, as(AUDITOR)).body().lines().map(JSON::readTree).forEach(lines::add);
        assertThat(lines.get(lines.size() - 1).get("is").asString()).isEqualTo("end");
        return lines;
    }

    private void awaitAllPublished() {
        long head = database.sql("select last_index from log_head")
                .query(Long.class)
                .single();
        await().atMost(TIMEOUT)
                .until(() -> KafkaReader.all(KAFKA.bootstrapServers()).stream()
                        .map(record -> KafkaReader.header(record, "ce_index"))
                        .anyMatch(Long.toString(head)::equals));
    }
}
