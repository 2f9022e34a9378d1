package org.countersign.localstack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what with Kafka, as docker-compose.yml and deploy/kafka-acls.sh say. */
class KafkaAccessTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final TopicPartition PETITIONS = new TopicPartition("petition-events", 0);
    private static ComposeKafka kafka;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        kafka = new ComposeKafka(directory);
        // As the relay and the milestone publisher do.
        createTopics("signature-service", "petition-events", "signature-events", "public-log-heads");
        createTopics("counter-projection", "milestone-events");
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static void createTopics(String service, String... topics) throws Exception {
        try (Admin admin = Admin.create(kafka.service(service))) {
            for (String topic : topics) {
                admin.createTopics(Set.of(new NewTopic(topic, 1, (short) 1).configs(Map.of("retention.ms", "-1"))))
                        .all()
                        .get();
            }
        }
    }

    private static KafkaProducer<String, String> producer(Map<String, Object> client, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("acks", "all");
        settings.put("max.block.ms", 20_000);
        settings.putAll(more);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static void write(String service, String topic) throws Throwable {
        try (KafkaProducer<String, String> producer = producer(kafka.service(service), Map.of())) {
            producer.send(new ProducerRecord<>(topic, "key", "a vote of " + service))
                    .get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static KafkaConsumer<String, String> consumer(Map<String, Object> client, String group) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("group.id", group);
        settings.put("auto.offset.reset", "earliest");
        settings.put("isolation.level", "read_committed");
        settings.put("default.api.timeout.ms", 20_000);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private static void assertReads(String service, String group, String topic) {
        try (KafkaConsumer<String, String> consumer = consumer(kafka.service(service), group)) {
            consumer.subscribe(List.of(topic));
            await().atMost(TIMEOUT)
                    .until(() -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
            consumer.commitSync();
        }
    }

    @Test
    void the_relay_checks_the_connection_and_finds_its_topics_again() throws Exception {
        try (Admin admin = Admin.create(kafka.service("signature-service"))) {
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
        }
        assertThatThrownBy(() -> createTopics("signature-service", "signature-events"))
                .hasCauseInstanceOf(TopicExistsException.class);
        assertThatThrownBy(() -> createTopics("counter-projection", "milestone-events"))
                .hasCauseInstanceOf(TopicExistsException.class);
    }

    @Test
    void the_relay_publishes_with_its_position_and_the_others_read() throws Throwable {
        Map<String, Object> relay = Map.of("transactional.id", "signature-service-relay");
        try (KafkaProducer<String, String> producer = producer(kafka.service("signature-service"), relay)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("petition-events", "key", "published"));
            producer.send(new ProducerRecord<>("signature-events", "key", "signed"));
            producer.sendOffsetsToTransaction(
                    Map.of(PETITIONS, new OffsetAndMetadata(2)), new ConsumerGroupMetadata("signature-service-relay"));
            producer.commitTransaction();
        }
        try (KafkaConsumer<String, String> positions =
                consumer(kafka.service("signature-service"), "signature-service-relay")) {
            assertThat(positions.committed(Set.of(PETITIONS)).get(PETITIONS).offset())
                    .isEqualTo(2);
            positions.assign(List.of(PETITIONS));
            positions.seekToBeginning(List.of(PETITIONS));
            await().atMost(TIMEOUT)
                    .until(() -> !positions.poll(Duration.ofMillis(200)).isEmpty());
        }
        write("signature-service", "public-log-heads");
        write("counter-projection", "milestone-events");
        for (String topic : List.of("petition-events", "signature-events")) {
            assertReads("counter-projection", "counter-projection", topic);
            assertReads("notifier", "notifier", topic);
        }
        assertReads("notifier", "notifier", "milestone-events");
    }

    @ParameterizedTest
    @CsvSource({
        "counter-projection, petition-events",
        "counter-projection, signature-events",
        "counter-projection, public-log-heads",
        "notifier, petition-events",
        "notifier, signature-events",
        "notifier, milestone-events",
        "notifier, public-log-heads",
        "signature-service, milestone-events"
    })
    void no_service_writes_to_a_topic_of_another(String service, String topic) {
        // A producer that has failed already reports the refusal as the cause.
        assertThatThrownBy(() -> write(service, topic))
                .satisfiesAnyOf(
                        refused -> assertThat(refused).isInstanceOf(AuthorizationException.class),
                        refused -> assertThat(refused).hasCauseInstanceOf(AuthorizationException.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"counter-projection", "notifier"})
    void nobody_else_takes_the_place_of_the_relay(String service) {
        Map<String, Object> relay = Map.of("transactional.id", "signature-service-relay");
        try (KafkaProducer<String, String> producer = producer(kafka.service(service), relay)) {
            assertThatThrownBy(producer::initTransactions).isInstanceOf(TransactionalIdAuthorizationException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "counter-projection, counter-projection, public-log-heads",
        "notifier, notifier, public-log-heads",
        "notifier, counter-projection, signature-events",
        "counter-projection, notifier, signature-events",
        "counter-projection, signature-service-relay, petition-events"
    })
    void nobody_reads_what_is_not_his_or_moves_the_position_of_another(String service, String group, String topic) {
        try (KafkaConsumer<String, String> consumer = consumer(kafka.service(service), group)) {
            consumer.subscribe(List.of(topic));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            consumer.poll(Duration.ofMillis(200));
                        }
                    })
                    .isInstanceOf(AuthorizationException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"signature-service", "counter-projection", "notifier"})
    void no_service_deletes_topics_or_gives_rights(String service) {
        try (Admin admin = Admin.create(kafka.service(service))) {
            assertThatThrownBy(() -> admin.deleteTopics(List.of("signature-events"))
                            .all()
                            .get())
                    .hasCauseInstanceOf(AuthorizationException.class);
            assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic("another-topic", 1, (short) 1)))
                            .all()
                            .get())
                    .hasCauseInstanceOf(AuthorizationException.class);
            assertThatThrownBy(() -> admin.describeAcls(org.apache.kafka.common.acl.AclBindingFilter.ANY)
                            .values()
                            .get())
                    .hasCauseInstanceOf(AuthorizationException.class);
        }
    }

    private static void describe(String service, String topic) throws Throwable {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(kafka.service(service))) {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
            admin.describeConfigs(List.of(resource)).all().get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"petition-events", "signature-events", "public-log-heads"})
    void the_durability_check_reads_the_settings_of_its_topics_and_changes_none(String topic) throws Throwable {
        describe("signature-service", topic);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry("min.insync.replicas", "1"), AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(kafka.service("signature-service"))) {
            assertThatThrownBy(() -> admin.incrementalAlterConfigs(Map.of(resource, List.of(change)))
                            .all()
                            .get())
                    .hasCauseInstanceOf(AuthorizationException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "signature-service, milestone-events",
        "notifier, petition-events",
        "counter-projection, signature-events"
    })
    void no_service_reads_the_settings_of_other_topics(String service, String topic) {
        assertThatThrownBy(() -> describe(service, topic)).isInstanceOf(AuthorizationException.class);
    }

    @Test
    void a_wrong_password_is_refused() {
        Map<String, Object> wrong = kafka.client(ComposeKafka.plain("signature-service", "a guess"));
        try (KafkaProducer<String, String> producer = producer(wrong, Map.of())) {
            assertThatThrownBy(() -> producer.partitionsFor("signature-events"))
                    .isInstanceOf(SaslAuthenticationException.class);
        }
    }

    @Test
    void a_client_without_credentials_is_refused() {
        Map<String, Object> stranger = kafka.client(Map.of());
        try (KafkaProducer<String, String> producer = producer(stranger, Map.of("max.block.ms", 5_000))) {
            assertThatThrownBy(() -> producer.partitionsFor("signature-events")).isInstanceOf(TimeoutException.class);
        }
    }
}
