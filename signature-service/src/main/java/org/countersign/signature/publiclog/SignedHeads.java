package org.countersign.signature.publiclog;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.countersign.support.kafka.KafkaFutures;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.SignedNote;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;

/**
 * The signed heads outside the database, in a compacted topic. A head is here before anyone can see it, so that a
 * restored database never signs another head of the same size.
 */
@Component
public class SignedHeads implements DisposableBean {

    /** The topic of the heads. */
    public static final String TOPIC = "public-log-heads";

    private static final Logger LOG = LoggerFactory.getLogger(SignedHeads.class);
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final byte[] KEY = "head".getBytes(StandardCharsets.UTF_8);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    /** Two leaders may write for a moment, so the newest head need not be the last record. */
    private static final int MAX_READ = 100;

    private final KafkaProperties kafka;
    private final LogKey key;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    SignedHeads(KafkaProperties kafka, LogKey key) {
        this.kafka = kafka;
        this.key = key;
    }

    /**
     * Returns the largest head that this log has signed. A record without its signature is ignored.
     *
     * @throws RuntimeException if Kafka does not answer
     */
    public Optional<SignedNote> newest() {
        createTopic();
        Map<String, Object> settings = new HashMap<>(kafka.buildConsumerProperties());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(Set.of(PARTITION));
            long end = consumer.endOffsets(Set.of(PARTITION)).getOrDefault(PARTITION, 0L);
            consumer.seek(PARTITION, Math.max(0, end - MAX_READ));
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            Optional<SignedNote> newest = Optional.empty();
            while (consumer.position(PARTITION) < end) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("Kafka did not answer within " + TIMEOUT.toSeconds() + " s");
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
                    newest = Stream.of(newest, head(record.value()))
                            .flatMap(Optional::stream)
                            .max(Comparator.comparingLong(SignedHeads::size));
                }
            }
            return newest;
        }
    }

    private Optional<SignedNote> head(byte @Nullable [] value) {
        try {
            return Optional.ofNullable(value)
                    .map(bytes -> SignedNote.parse(new String(bytes, StandardCharsets.UTF_8)))
                    .filter(note -> note.isSignedBy(key) && size(note) >= 0);
        } catch (IllegalArgumentException e) {
            LOG.warn("A record of {} is not a signed head: {}", TOPIC, e.getMessage());
            return Optional.empty();
        }
    }

    private static long size(SignedNote note) {
        return Checkpoint.parse(note.text()).size();
    }

    /**
     * Stores a head and returns when Kafka has it.
     *
     * @throws RuntimeException if Kafka does not answer
     */
    void store(SignedNote head) {
        KafkaFutures.await(
                producer()
                        .send(new ProducerRecord<>(
                                TOPIC, 0, KEY, head.toString().getBytes(StandardCharsets.UTF_8))),
                TIMEOUT);
    }

    private synchronized KafkaProducer<byte[], byte[]> producer() {
        if (producer == null) {
            Map<String, Object> settings = new HashMap<>(kafka.buildProducerProperties());
            settings.put(ProducerConfig.ACKS_CONFIG, "all");
            settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
            producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        }
        return producer;
    }

    private void createTopic() {
        NewTopic topic = new NewTopic(TOPIC, Optional.of(1), Optional.empty())
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.SEGMENT_MS_CONFIG,
                        Long.toString(Duration.ofHours(1).toMillis())));
        try (Admin admin = Admin.create(kafka.buildAdminProperties())) {
            KafkaFutures.await(admin.createTopics(List.of(topic)).all(), TIMEOUT);
        } catch (IllegalStateException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    @Override
    public synchronized void destroy() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
        }
    }
}
