package org.countersign.counter;

import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.countersign.counter.fanout.FanOut;
import org.countersign.events.CloudEvent;
import org.countersign.events.CountryCode;
import org.countersign.events.Event;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.RecordMac;
import org.countersign.events.RecordedEvent;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.SignatureWithdrawn;
import org.countersign.events.Topics;
import org.countersign.support.keys.KeyRing;
import org.countersign.testkit.HttpProbe;
import org.countersign.testkit.TestServers;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The counter on real PostgreSQL and Kafka, with this test in the relay's place. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "countersign.warm-up.limit=0s")
abstract class RunningCounter {

    static final String ORGANISER_PASSWORD = "organiser's, for tests";
    static final String AUDITOR_PASSWORD = "auditor's, for tests";
    static final String INTERNAL_PASSWORD = "a machine's secret for tests";
    static final int MOST_VIEWERS = 300;
    /** The hash of a signing event. The counter does not check it. */
    static final String SIGNED = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    static final Instant NOON = Instant.parse("2030-05-01T12:00:30Z");

    static final String EVENT_KEYS = "1:" + Base64.getEncoder().encodeToString(new byte[32]);
    static final RecordMac MAC = mac(EVENT_KEYS);

    private static RecordMac mac(String keys) {
        KeyRing ring = KeyRing.parse("TEST", keys);
        return new RecordMac(ring::tag, ring::verifies);
    }

    static final SignatureServiceStub SIGNATURE_SERVICE = new SignatureServiceStub();
    static final TestServers.Database DATABASE = TestServers.database();
    private static final KafkaProducer<byte[], byte[]> PRODUCER = producer();
    private static long index;

    static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    FanOut fanOut;

    @LocalManagementPort
    int managementPort;

    /** The database with the rights of its owner. */
    final JdbcClient database =
            JdbcClient.create(new DriverManagerDataSource(DATABASE.url(), DATABASE.owner(), DATABASE.password()));

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", DATABASE::url);
        properties.add("spring.datasource.username", DATABASE::user);
        properties.add("spring.datasource.password", DATABASE::password);
        properties.add("spring.flyway.user", DATABASE::owner);
        properties.add("spring.flyway.password", DATABASE::password);
        properties.add("countersign.keys.event", () -> EVENT_KEYS);
        properties.add("countersign.organiser.password", () -> ORGANISER_PASSWORD);
        properties.add("countersign.auditor.password", () -> AUDITOR_PASSWORD);
        properties.add("countersign.internal.password", () -> INTERNAL_PASSWORD);
        properties.add("countersign.signature-service.url", SIGNATURE_SERVICE::url);
        properties.add("countersign.live.viewers", () -> MOST_VIEWERS);
        properties.add("countersign.rebuild.patience", () -> "3s");
        properties.add("countersign.snapshot.read-timeout", () -> "3s");
        properties.add("spring.kafka.bootstrap-servers", TestServers::kafka);
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafka()))) {
            admin.createTopics(List.of(
                            new NewTopic(Topics.PETITION_EVENTS, 1, (short) 1),
                            new NewTopic(Topics.SIGNATURE_EVENTS, 6, (short) 1)))
                    .all()
                    .get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return new KafkaProducer<>(
                new HashMap<>(Map.of("bootstrap.servers", TestServers.kafka(), "acks", "all")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Publishes an event as the next of the log and gives its index. */
    static long happens(Event event) {
        index++;
        publish(event, index);
        return index;
    }

    static void publish(Event event, long atIndex) {
        RecordedEvent recorded = new RecordedEvent(atIndex, "test:" + atIndex, Optional.empty(), event);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                CloudEvent.topic(EventType.of(event)), CloudEvent.key(event).getBytes(), EventJson.data(event));
        CloudEvent.headers(recorded, MAC).forEach(record.headers()::add);
        PRODUCER.send(record);
        PRODUCER.flush();
    }

    /** Publishes a record that is genuine but for one header, at an index that is not taken. */
    static void publishForged(Event event, long atIndex, String header, byte[] value) {
        RecordedEvent recorded = new RecordedEvent(atIndex, "test:" + atIndex, Optional.empty(), event);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                CloudEvent.topic(EventType.of(event)), CloudEvent.key(event).getBytes(), EventJson.data(event));
        Map<String, byte[]> headers = CloudEvent.headers(recorded, MAC);
        headers.put(header, value);
        headers.forEach(record.headers()::add);
        publishRaw(record);
    }

    static void publishRaw(ProducerRecord<byte[], byte[]> record) {
        PRODUCER.send(record);
        PRODUCER.flush();
    }

    static long lastIndex() {
        return index;
    }

    /** Waits until all that has happened is counted. */
    void awaitCounted() {
        await().atMost(PATIENCE)
                .until(() -> database.sql("select global_index from position")
                                .query(Long.class)
                                .single()
                        == lastIndex());
    }

    /** The public position of the counts that are stored. */
    long publicPosition() {
        return database.sql("select public_position from position")
                .query(Long.class)
                .single();
    }

    static PetitionSlug petition(List<Long> milestones, long goal) {
        PetitionSlug slug = new PetitionSlug("bench-" + UUID.randomUUID());
        publish(slug, milestones, goal);
        return slug;
    }

    static void publish(PetitionSlug slug, List<Long> milestones, long goal) {
        happens(new PetitionPublished(
                slug,
                NOON,
                "A bench",
                "Please.",
                List.of("The Mayor"),
                goal,
                milestones,
                "en",
                Optional.empty(),
                new Sealed(new byte[1])));
    }

    /** The petition's milestones that have been told, as often as they have been. */
    static List<MilestoneReached> published(PetitionSlug petition) {
        List<MilestoneReached> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestServers.kafka()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(Topics.MILESTONE_EVENTS, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (consumer.position(partition)
                    < consumer.endOffsets(List.of(partition)).get(partition)) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    MilestoneReached reached = (MilestoneReached) CloudEvent.read(
                                    name -> Optional.ofNullable(record.headers().lastHeader(name))
                                            .map(header -> header.value())
                                            .orElse(null),
                                    record.value())
                            .event();
                    if (reached.petition().equals(petition)) {
                        found.add(reached);
                    }
                });
            }
        }
        return found;
    }

    /** One signer's doings. */
    record Signer(SignatureId id, PetitionSlug petition, CountryCode country) {

        static Signer of(PetitionSlug petition, String country) {
            return new Signer(new SignatureId(UUID.randomUUID()), petition, new CountryCode(country));
        }

        Signer signs(SignatureStatus was, int round) {
            happens(new PetitionSigned(
                    id, petition, NOON, round, country, was, false, false, new Sealed(new byte[] {1})));
            return this;
        }

        Signer signs() {
            return signs(SignatureStatus.NONE, 1);
        }

        long verifies(int round) {
            return happens(new SignatureVerified(id, petition, NOON, round, country, false, SIGNED));
        }

        void withdraws(int round) {
            happens(new SignatureWithdrawn(id, petition, NOON, round, country, SignatureStatus.VERIFIED));
        }
    }

    HttpProbe.Response post(String path, String user, String password) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(probe().uri(path)).POST(HttpRequest.BodyPublishers.noBody());
        return user == null ? probe().send(request) : probe().send(request, HttpProbe.basic(user + ":" + password));
    }

    /** Calls the management port. */
    HttpProbe management() {
        return new HttpProbe(managementPort);
    }

    HttpProbe.Response snapshot() {
        return management().get("/internal/snapshot", "Authorization", "Bearer " + INTERNAL_PASSWORD);
    }

    HttpProbe.Response get(String path, String... headers) {
        return probe().get(path, headers);
    }

    private HttpProbe probe() {
        return new HttpProbe(fanOut.port());
    }

    /** The signatures by status, which only organisers and auditors see. */
    HttpProbe.Response funnel(PetitionSlug petition) {
        return get("/api/petitions/" + petition + "/funnel", HttpProbe.basic("auditor:" + AUDITOR_PASSWORD));
    }

    long count(PetitionSlug petition, String field) {
        HttpProbe.Response answer = get("/api/petitions/" + petition + "/counts");
        return answer.status() == 200 ? answer.json().get(field).asLong() : -1;
    }
}
