package org.countersign.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.countersign.events.Topics;
import org.countersign.localstack.client.UserException;

/** A producer and a consumer without processing, with the settings of the relay and the counter. */
final class BareKafka implements AutoCloseable {

    private static final String TOPIC = "bare-events";
    private static final int SAMPLE_SIZE = 50_000;
    private static final int PARTITIONS = 6;
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(1);
    /**
     * The maximum time without a record. A poll is empty on a busy machine, or if it passes the end of a transaction.
     */
    private static final Duration READ_TIMEOUT = Duration.ofMinutes(1);

    private final String servers;
    /** The first events that the relay has published. The producer sends copies of them. */
    private final List<ConsumerRecord<byte[], byte[]>> sample = new ArrayList<>();

    private final KafkaProducer<byte[], byte[]> producer;

    BareKafka(BenchmarkStack stack) throws Exception {
        servers = stack.localStack().kafka();
        try (Admin admin = stack.kafkaAdmin()) {
            admin.createTopics(Set.of(new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty())))
                    .all()
                    .get();
        }
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 << 10,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                servers,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                10_000,
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                64 << 10,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                50,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                4 << 20);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Sends events, waits until Kafka has all of them, and returns the events per second. */
    double send(long events) {
        if (sample.isEmpty()) {
            read(Math.min(SAMPLE_SIZE, events), records -> records.forEach(sample::add));
        }
        long start = System.nanoTime();
        for (long i = 0; i < events; i++) {
            ConsumerRecord<byte[], byte[]> record = sample.get((int) (i % sample.size()));
            producer.send(
                    new ProducerRecord<>(TOPIC, null, record.key(), record.value(), record.headers()),
                    (sent, failure) -> {
                        if (failure != null) {
                            throw new UserException(
                                    "Kafka rejected a record of the bare producer: " + failure.getMessage());
                        }
                    });
        }
        producer.flush();
        return events * 1e9 / (System.nanoTime() - start);
    }

    /** Reads published events from the beginning and returns the events per second. */
    double read(long events) {
        long[] first = new long[2];
        long read = read(events, records -> {
            if (first[0] == 0) {
                // The time excludes the connection to the broker.
                first[0] = System.nanoTime();
                first[1] = records.count();
            }
        });
        return (read - first[1]) * 1e9 / (System.nanoTime() - first[0]);
    }

    private long read(long events, Consumer<ConsumerRecords<byte[], byte[]>> seen) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Topics.SIGNATURE_EVENTS, partition))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            long read = 0;
            long last = System.nanoTime();
            while (read < events) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL_TIMEOUT);
                if (!records.isEmpty()) {
                    last = System.nanoTime();
                    read += records.count();
                    seen.accept(records);
                } else if (System.nanoTime() - last > READ_TIMEOUT.toNanos()) {
                    throw new UserException("Kafka has only %,d of %,d events.".formatted(read, events));
                }
            }
            return read;
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
