package org.countersign.signature.relay;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.countersign.events.Topics;
import org.countersign.signature.eventlog.PublishedPosition;
import org.countersign.support.kafka.EventTopics;
import org.countersign.support.kafka.KafkaFutures;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;

/**
 * Publishes events to Kafka. One transaction holds a batch and the new position: both are in Kafka or neither is. A
 * crash at any moment therefore duplicates nothing.
 */
class KafkaPublisher implements AutoCloseable {

    private static final String ID = PublishedPosition.GROUP;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /**
     * The position is the committed offset of a consumer group that reads nothing. Kafka commits it along with records.
     */
    private static final TopicPartition POSITION = PublishedPosition.PARTITION;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> positions;

    private KafkaPublisher(
            KafkaProducer<byte[], byte[]> producer, Admin admin, KafkaConsumer<byte[], byte[]> positions) {
        this.producer = producer;
        this.admin = admin;
        this.positions = positions;
    }

    /** Opens publishers. */
    @Component
    static class PublisherFactory {

        private final KafkaProperties kafka;
        private final int partitions;

        PublisherFactory(KafkaProperties kafka, @Value("${countersign.kafka.partitions}") int partitions) {
            this.kafka = kafka;
            this.partitions = partitions;
        }

        /** Opens a publisher, which fences all earlier ones, and creates the topics. */
        KafkaPublisher open() {
            Admin admin = Admin.create(kafka.buildAdminProperties());
            KafkaProducer<byte[], byte[]> producer = null;
            try {
                createTopics(admin);
                Map<String, Object> settings = new HashMap<>(kafka.buildProducerProperties());
                settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, ID);
                settings.put(ProducerConfig.ACKS_CONFIG, "all");
                settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
                settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
                producer = new KafkaProducer<>(settings);
                producer.initTransactions();
                return new KafkaPublisher(producer, admin, positions());
            } catch (RuntimeException e) {
                if (producer != null) {
                    producer.close(Duration.ZERO);
                }
                admin.close(Duration.ZERO);
                throw e;
            }
        }

        private KafkaConsumer<byte[], byte[]> positions() {
            Map<String, Object> settings = new HashMap<>(kafka.buildConsumerProperties());
            settings.put(ConsumerConfig.GROUP_ID_CONFIG, ID);
            settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        private void createTopics(Admin admin) {
            EventTopics.create(admin, Topics.PETITION_EVENTS, 1, TIMEOUT);
            EventTopics.create(admin, Topics.SIGNATURE_EVENTS, partitions, TIMEOUT);
        }
    }

    /** Returns the index of the last published event, or 0 if there is none. */
    long position() {
        OffsetAndMetadata committed =
                positions.committed(Set.of(POSITION), TIMEOUT).get(POSITION);
        return committed == null ? 0 : committed.offset();
    }

    /**
     * Checks the connection.
     *
     * @throws IllegalStateException if Kafka does not answer
     */
    void check() {
        KafkaFutures.await(admin.describeCluster().nodes(), TIMEOUT);
    }

    /** Begins a transaction. Consumers see its records after the commit. */
    void begin() {
        producer.beginTransaction();
    }

    /** Sends records in order. */
    void send(List<ProducerRecord<byte[], byte[]>> records) {
        records.forEach(producer::send);
    }

    /** Commits the records and the index of the last one. */
    void commit(long last) {
        producer.sendOffsetsToTransaction(Map.of(POSITION, new OffsetAndMetadata(last)), positions.groupMetadata());
        // A failed send fails the commit. The relay then opens a new publisher, which aborts the transaction.
        producer.commitTransaction();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        positions.close(CloseOptions.timeout(Duration.ofSeconds(5)));
        admin.close(Duration.ofSeconds(5));
    }
}
