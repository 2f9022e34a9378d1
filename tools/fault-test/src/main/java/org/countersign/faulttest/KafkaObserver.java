package org.countersign.faulttest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads all records of Kafka as any consumer does, and compares each one with the history. */
final class KafkaObserver implements AutoCloseable {

    private static final List<String> EVENTS = List.of("petition-events", "signature-events");
    private static final String MILESTONES = "milestone-events";
    private static final String CE_PREFIX = "ce_";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String servers;
    private Consumer<byte[], byte[]> consumer;
    /** The events that were read before Kafka lost its data. */
    private final Map<Long, ReferenceModel.ExpectedEvent> read = new HashMap<>();

    private final BitSet indexes = new BitSet();
    private final Map<TopicPartition, Long> lastIndex = new HashMap<>();
    private final Map<Long, ReferenceModel.ExpectedEvent> uncompared = new HashMap<>();
    private final Map<String, Integer> milestones = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private boolean lost;
    private int unreadable;
    private int unreadableSent;

    KafkaObserver(String servers) {
        this.servers = servers;
        this.consumer = open();
    }

    private Consumer<byte[], byte[]> open() {
        Consumer<byte[], byte[]> opened = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics()) {
            opened.partitionsFor(topic, TIMEOUT)
                    .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        }
        opened.assign(partitions);
        return opened;
    }

    /** Begins to read again, because Kafka has lost all records. Each event must come again as it was. */
    void lost() {
        consumer.close();
        indexes.clear();
        lastIndex.clear();
        uncompared.clear();
        milestones.clear();
        unreadable = 0;
        unreadableSent = 0;
        lost = true;
    }

    private static List<String> topics() {
        List<String> topics = new ArrayList<>(EVENTS);
        topics.add(MILESTONES);
        return topics;
    }

    /** Sends a record to each topic that is not an event. */
    void sendUnreadable() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            topics().forEach(topic ->
                    producer.send(new ProducerRecord<>(topic, "{\"not\": an event".getBytes(StandardCharsets.UTF_8))));
            unreadableSent += topics().size();
        }
    }

    /** Reads to the current end of each partition and compares the events with the model. */
    void readToEnd(ReferenceModel model) {
        if (lost) {
            // All topics exist again.
            consumer = open();
            lost = false;
        }
        Set<TopicPartition> partitions = consumer.assignment();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, TIMEOUT);
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < deadline
                && partitions.stream()
                        .anyMatch(partition ->
                                consumer.position(partition, TIMEOUT) < ends.getOrDefault(partition, 0L))) {
            consumer.poll(Duration.ofMillis(200)).forEach(this::read);
        }
        uncompared.entrySet().removeIf(one -> {
            Optional<ReferenceModel.ExpectedEvent> stored = model.take(one.getKey());
            if (stored.isPresent() && !stored.get().equals(one.getValue())) {
                violations.add("event " + one.getKey() + " differs between Kafka and the log");
            }
            stored.ifPresent(event -> read.put(one.getKey(), event));
            return stored.isPresent() || one.getValue().equals(read.get(one.getKey()));
        });
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        Optional<String> index = header(record, "index");
        if (record.topic().equals(MILESTONES)) {
            if (index.isEmpty()) {
                unreadable++;
            } else {
                milestones.merge(header(record, "id").orElse(""), 1, Integer::sum);
            }
            return;
        }
        try {
            event(Long.parseLong(index.orElse("")), record);
        } catch (NumberFormatException | JacksonException e) {
            unreadable++;
        }
    }

    private void event(long index, ConsumerRecord<byte[], byte[]> record) {
        uncompared.put(
                index,
                new ReferenceModel.ExpectedEvent(
                        header(record, "id").orElse(""),
                        header(record, "type").orElse("").replaceFirst(".*\\.", ""),
                        header(record, "petition").orElse(""),
                        header(record, "subject").orElse(""),
                        JSON.readTree(record.value())));
        if (indexes.get((int) index)) {
            violations.add("event " + index + " occurs twice in Kafka");
        }
        indexes.set((int) index);
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Long before = lastIndex.put(partition, index);
        if (before != null && before >= index) {
            violations.add("in " + partition + " event " + index + " follows event " + before);
        }
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(CE_PREFIX + name);
        return Optional.ofNullable(header).map(found -> new String(found.value(), StandardCharsets.UTF_8));
    }

    /** Returns the number of different events. */
    long events() {
        return indexes.cardinality();
    }

    /** Returns the number of events that the model has not read. */
    int unknown() {
        return uncompared.size();
    }

    /** Returns the number of different milestones. */
    int milestones() {
        return milestones.size();
    }

    /** Returns the number of duplicate milestone records with the same id. */
    int duplicateMilestones() {
        return milestones.values().stream().collect(Collectors.summingInt(times -> times - 1));
    }

    /** Returns the number of records that are not events. */
    int unreadable() {
        return unreadable;
    }

    /** Returns the number of unreadable records that this class has sent to the event topics. */
    int unreadableEvents() {
        return unreadableSent / topics().size() * EVENTS.size();
    }

    /** Returns the number of unreadable records that this class has sent. */
    int unreadableSent() {
        return unreadableSent;
    }

    /** Removes and returns the violations. */
    List<String> violations() {
        List<String> found = List.copyOf(violations);
        violations.clear();
        return found;
    }

    /** Returns the id of the broker that leads the first partition of the signatures. */
    int leader() {
        synchronized (this) {
            return consumer.partitionsFor(EVENTS.get(1)).get(0).leader().id();
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
