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
import org.countersign.support.kafka.EventTopics;
import org.countersign.support.kafka.KafkaFutures;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;

/**
 * Publishes events to Kafka, each batch in one transaction together with how far the log has been published: both are
 * in Kafka or neither is. So there is nothing to publish twice after a crash, at whatever moment it came.
 */
class KafkaPublisher implements AutoCloseable {

    private static final String ID = "signature-service-relay";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /**
     * The position is kept as the "offset" of a group that reads nothing: it is what Kafka commits along with records.
     */
    private static final TopicPartition POSITION = new TopicPartition(Topics.PETITION_EVENTS, 0);

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
    static class Factory {

        private final KafkaProperties kafka;
        private final int partitions;

        Factory(KafkaProperties kafka, @Value("${countersign.kafka.partitions}") int partitions) {
            this.kafka = kafka;
            this.partitions = partitions;
        }

        /** A publisher that has fenced off any earlier one. The topics are there after this. */
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
            EventTopics.create(admin, Topics.PETITION_EVENTS, 1, PATIENCE);
            EventTopics.create(admin, Topics.SIGNATURE_EVENTS, partitions, PATIENCE);
        }
    }

    /** The index of the last event that was published, as Kafka knows it; 0 if it knows of none. */
    long position() {
        OffsetAndMetadata committed =
                positions.committed(Set.of(POSITION), PATIENCE).get(POSITION);
        return committed == null ? 0 : committed.offset();
    }

    /** @throws IllegalStateException if Kafka does not answer */
    void check() {
        KafkaFutures.await(admin.describeCluster().nodes(), PATIENCE);
    }

    /** Begins a transaction; nobody sees what is sent before it is committed. */
    void begin() {
        producer.beginTransaction();
    }

    /** Sends the records in order. */
    void send(List<ProducerRecord<byte[], byte[]>> records) {
        records.forEach(producer::send);
    }

    /** Returns when Kafka has what was sent, and the index of the last of it, for good. */
    void commit(long last) {
        producer.sendOffsetsToTransaction(Map.of(POSITION, new OffsetAndMetadata(last)), positions.groupMetadata());
        // A send that failed fails the commit; the relay then opens a new publisher, which aborts what this one began.
        producer.commitTransaction();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        positions.close(CloseOptions.timeout(Duration.ofSeconds(5)));
        admin.close(Duration.ofSeconds(5));
    }
}
