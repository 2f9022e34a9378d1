package org.countersign.faulttest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/** What stands in Kafka, read as any consumer reads it, and held against the history record by record. */
final class KafkaObserver implements AutoCloseable {

    private static final List<String> EVENTS = List.of("petition-events", "signature-events");
    private static final String MILESTONES = "milestone-events";
    private static final String CE = "ce_";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String servers;
    private final Consumer<byte[], byte[]> consumer;
    private final BitSet indexes = new BitSet();
    private final Map<TopicPartition, Long> lastIndex = new HashMap<>();
    private final Map<Long, ReferenceModel.Entry> early = new HashMap<>();
    private final Map<String, Integer> milestones = new HashMap<>();
    private final List<String> broken = new ArrayList<>();
    private int unreadable;
    private int unreadableSent;

    KafkaObserver(String servers) {
        this.servers = servers;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics()) {
            consumer.partitionsFor(topic, PATIENCE)
                    .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        }
        consumer.assign(partitions);
    }

    private static List<String> topics() {
        List<String> topics = new ArrayList<>(EVENTS);
        topics.add(MILESTONES);
        return topics;
    }

    /** Puts a record into each topic that is no event at all. */
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

    /** Reads on to the end as it is now, and compares with what the ledger has. */
    void readOn(ReferenceModel ledger) {
        Set<TopicPartition> partitions = consumer.assignment();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline
                && partitions.stream()
                        .anyMatch(partition -> consumer.position(partition, PATIENCE) < ends.get(partition))) {
            consumer.poll(Duration.ofMillis(200)).forEach(this::read);
        }
        early.entrySet().removeIf(one -> {
            ReferenceModel.Entry stored = ledger.take(one.getKey());
            if (stored != null && !stored.equals(one.getValue())) {
                broken.add("event " + one.getKey() + " is another in Kafka than in the log");
            }
            return stored != null;
        });
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        String index = header(record, "index");
        if (record.topic().equals(MILESTONES)) {
            if (index == null) {
                unreadable++;
            } else {
                milestones.merge(header(record, "id"), 1, Integer::sum);
            }
            return;
        }
        try {
            event(Long.parseLong(index == null ? "" : index), record);
        } catch (NumberFormatException | JacksonException e) {
            unreadable++;
        }
    }

    private void event(long index, ConsumerRecord<byte[], byte[]> record) {
        early.put(
                index,
                new ReferenceModel.Entry(
                        header(record, "id"),
                        header(record, "type").replaceFirst(".*\\.", ""),
                        header(record, "petition"),
                        header(record, "subject"),
                        JSON.readTree(record.value())));
        if (indexes.get((int) index)) {
            broken.add("event " + index + " is in Kafka twice");
        }
        indexes.set((int) index);
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Long before = lastIndex.put(partition, index);
        if (before != null && before >= index) {
            broken.add("in " + partition + " event " + index + " comes after event " + before);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(CE + name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** How many events there are, none counted twice. */
    long events() {
        return indexes.cardinality();
    }

    /** How many of them the history did not have when it was last read. */
    int unknown() {
        return early.size();
    }

    /** How many milestones were published, none counted twice. */
    int milestones() {
        return milestones.size();
    }

    /** How many records of milestones came again under the same id. */
    int milestonesRepeated() {
        return milestones.values().stream().collect(Collectors.summingInt(times -> times - 1));
    }

    /** How many records are no events. */
    int unreadable() {
        return unreadable;
    }

    /** How many of those put there by us are where events should be. */
    int unreadableEvents() {
        return unreadableSent / topics().size() * EVENTS.size();
    }

    /** How many were put there by us. */
    int unreadableSent() {
        return unreadableSent;
    }

    /** What is wrong, told once. */
    List<String> broken() {
        List<String> found = List.copyOf(broken);
        broken.clear();
        return found;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
