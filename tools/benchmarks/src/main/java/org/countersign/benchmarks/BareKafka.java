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

/** A producer that only sends and a consumer that only reads, with the settings that relay and counter have. */
final class BareKafka implements AutoCloseable {

    private static final String TOPIC = "bare-events";
    private static final int SAMPLE = 50_000;
    private static final int PARTITIONS = 6;
    private static final Duration POLL = Duration.ofSeconds(1);

    private final String servers;
    /** The first events that the relay has published: what is to be sent. */
    private final List<ConsumerRecord<byte[], byte[]>> sample = new ArrayList<>();

    private final KafkaProducer<byte[], byte[]> producer;

    BareKafka(BenchmarkStack site) throws Exception {
        servers = site.stack().kafka();
        try (Admin admin = site.kafkaAdmin()) {
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

    /** Sends so many events and waits until Kafka has them all; events a second. */
    double send(long events) {
        if (sample.isEmpty()) {
            read(Math.min(SAMPLE, events), records -> records.forEach(sample::add));
        }
        long start = System.nanoTime();
        for (long i = 0; i < events; i++) {
            ConsumerRecord<byte[], byte[]> record = sample.get((int) (i % sample.size()));
            producer.send(
                    new ProducerRecord<>(TOPIC, null, record.key(), record.value(), record.headers()),
                    (sent, failure) -> {
                        if (failure != null) {
                            throw new UserException(
                                    "Kafka refused what the bare producer sent: " + failure.getMessage());
                        }
                    });
        }
        producer.flush();
        return events * 1e9 / (System.nanoTime() - start);
    }

    /** Reads so many published events from the beginning; events a second. */
    double read(long events) {
        long[] begun = new long[2];
        long read = read(events, records -> {
            if (begun[0] == 0) {
                // Finding the broker is no reading.
                begun[0] = System.nanoTime();
                begun[1] = records.count();
            }
        });
        return (read - begun[1]) * 1e9 / (System.nanoTime() - begun[0]);
    }

    private long read(long events, Consumer<ConsumerRecords<byte[], byte[]>> seen) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Topics.SIGNATURE_EVENTS, partition))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            long read = 0;
            while (read < events) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (records.isEmpty()) {
                    throw new UserException("Kafka has only %,d of %,d events.".formatted(read, events));
                }
                read += records.count();
                seen.accept(records);
            }
            return read;
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
