package org.countersign.signature.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.countersign.signature.relay.KafkaReader.header;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.countersign.signature.RunningService;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.EventRecords;
import org.countersign.signature.eventlog.LogGate;
import org.countersign.signature.eventlog.ReaderPositions;
import org.countersign.signature.eventlog.UnauthenticEvents;
import org.countersign.signature.recovery.LogContinuity;
import org.countersign.signature.recovery.Republication;
import org.countersign.testkit.HttpProbe;
import org.countersign.testkit.TestServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RelayTest extends RunningService {

    @Autowired
    private Relay relay;

    @Autowired
    private EventLog log;

    @Autowired
    private ReaderPositions positions;

    @Autowired
    private LogGate gate;

    @Autowired
    private LogContinuity continuity;

    @Autowired
    private Republication republication;

    @Autowired
    private RelayAgain again;

    @Autowired
    private DataSource dataSource;

    @Autowired
    private KafkaPublisher.PublisherFactory publishers;

    @Autowired
    private EventRecords records;

    @Autowired
    private UnauthenticEvents unauthentic;

    @Test
    void publishes_every_event_once_in_order_and_valid_by_its_schema() throws Exception {
        recordLifeCycle();
        relay.stop();
        relay.start();
        recordLifeCycle();
        awaitAllPublished();

        List<ConsumerRecord<byte[], byte[]>> records = KafkaReader.all(TestServers.kafka());
        assertThat(records)
                .extracting(record -> Long.parseLong(header(record, "ce_index")))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, head()).boxed().toList());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String type = header(record, "ce_type").replace("org.countersign.", "");
            String schema = Files.readString(Path.of("../docs/events", type + ".json"));
            assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(schema)
                            .validate(new String(record.value(), StandardCharsets.UTF_8), InputFormat.JSON))
                    .as(type)
                    .isEmpty();
            assertThat(header(record, "ce_subject")).isEqualTo(new String(record.key(), StandardCharsets.UTF_8));
        }
        records.stream()
                .map(record -> header(record, "ce_subject"))
                .distinct()
                .forEach(subject -> assertThat(records.stream()
                                .filter(record -> header(record, "ce_subject").equals(subject))
                                .map(record -> Long.parseLong(header(record, "ce_index"))))
                        .isSortedAccordingTo(Comparator.naturalOrder()));
    }

    @Test
    void a_failed_instance_is_healthy_when_another_publishes() {
        RelayMetrics metricsOfOther = new RelayMetrics(new SimpleMeterRegistry());
        metricsOfOther.recordFailure();
        Relay other = new Relay(
                log,
                positions,
                dataSource,
                metricsOfOther,
                publishers,
                records,
                unauthentic,
                gate,
                continuity,
                republication,
                again,
                Clock.systemUTC());
        other.start();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> !metricsOfOther.isFailing());
        } finally {
            other.stop();
        }
    }

    @Test
    void the_trace_id_of_a_request_is_in_the_record() {
        String petition = publishedPetition();
        String trace = "0123456789abcdef00000000"
                + Long.toHexString(System.nanoTime() | 0x1000_0000_0000_0000L).substring(8);
        HttpProbe.Response signed = post(
                "/api/petitions/" + petition + "/signatures",
                form("Sona", "sona@example.org"),
                "traceparent",
                "00-" + trace + "-00f067aa0ba902b7-01");
        assertThat(signed.headers().firstValue("Trace-Id")).contains(trace);
        awaitAllPublished();
        assertThat(KafkaReader.all(TestServers.kafka()))
                .anySatisfy(
                        record -> assertThat(header(record, "ce_traceparent")).startsWith("00-" + trace));
    }

    @Test
    void personal_data_is_never_in_clear_in_kafka_database_or_logs(CapturedOutput output) {
        String petition = publishedPetition();
        String form = JSON.writeValueAsString(Map.of(
                "name",
                "Zabel Zyxwvut",
                "email",
                "zabel.zyxwvut@qwertz.example",
                "country",
                "AM",
                "comment",
                "Plughhh xyzzy",
                "public",
                true));
        post("/api/petitions/" + petition + "/signatures", form);
        post("/api/petitions/" + petition + "/signatures", form.replace("\"AM\"", "\"??\""));
        post("/api/petitions/" + petition + "/signatures", form.substring(0, form.length() - 3));
        withToken("verify", mailData(onlySignature(petition), 1).confirmToken());
        post(
                "/api/petitions",
                petition("bench-of-zabel")
                        .replace("Olga Organiser", "Zabel Zyxwvut")
                        .replace("olga@example.org", "zabel.zyxwvut@qwertz.example"),
                as(ORGANISER));
        awaitAllPublished();

        List<String> secrets = List.of("zabel", "zyxwvut", "qwertz", "plughhh", "xyzzy");
        for (ConsumerRecord<byte[], byte[]> record : KafkaReader.all(TestServers.kafka())) {
            StringBuilder text = new StringBuilder(new String(record.key(), StandardCharsets.ISO_8859_1));
            text.append(new String(record.value(), StandardCharsets.ISO_8859_1));
            record.headers().forEach(header -> text.append(new String(header.value(), StandardCharsets.ISO_8859_1)));
            assertThat(text.toString().replace("bench-of-zabel", "").toLowerCase(Locale.ROOT))
                    .doesNotContain(secrets);
        }
        for (String table : database.sql("select tablename from pg_tables where schemaname = 'public'")
                .query(String.class)
                .list()) {
            String rows = database.sql(
                            "select coalesce(string_agg(encode(convert_to(t::text, 'UTF8'), 'escape'), ' '), '') from "
                                    + table + " t")
                    .query(String.class)
                    .single();
            String data = table.equals("event")
                    ? database.sql("select string_agg(convert_from(data, 'UTF8'), ' ') from event")
                            .query(String.class)
                            .single()
                    : "";
            assertThat((rows + data).replace("bench-of-zabel", "").toLowerCase(Locale.ROOT))
                    .as(table)
                    .doesNotContain(secrets);
        }
        assertThat(output.getAll().toLowerCase(Locale.ROOT)).doesNotContain(secrets);
    }

    /** Makes events of most types for a new petition and its signature. */
    private void recordLifeCycle() {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        sign(petition, "Sona+again@example.org");
        String signature = onlySignature(petition);
        withToken("verify", mailData(signature, 1).confirmToken());
        post("/api/signatures/" + signature + "/invalidate", "{\"reason\":\"a test\"}", as(ORGANISER));
        post("/api/signatures/" + signature + "/reinstate", "{\"reason\":\"the test is over\"}", as(ORGANISER));
        withToken("withdraw", mailData(signature, 1).withdrawToken());
        sign(petition, "sona@example.org");
        post("/api/petitions/" + petition + "/close", "", as(ORGANISER));
        post("/api/petitions/" + petition + "/reopen", "", as(ORGANISER));
    }

    private long head() {
        return database.sql("select last_index from log_head").query(Long.class).single();
    }

    private void awaitAllPublished() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> KafkaReader.all(TestServers.kafka()).stream()
                                .mapToLong(record -> Long.parseLong(header(record, "ce_index")))
                                .max()
                                .orElse(0)
                        >= head());
    }
}
