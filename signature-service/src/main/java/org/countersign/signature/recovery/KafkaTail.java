package org.countersign.signature.recovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.countersign.events.CloudEvent;
import org.countersign.events.RecordMac;
import org.countersign.events.Topics;
import org.countersign.events.UnreadableEventException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/** The newest event in each partition of the event topics. */
public final class KafkaTail {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    /** Commit markers take offsets, too. The search widens by this factor until it finds an event. */
    private static final long FIRST_DISTANCE = 64;

    private static final long FACTOR = 16;

    /** The newest event of a partition. */
    record TailEvent(long index, ConsumerRecord<byte[], byte[]> record) {}

    private final Map<TopicPartition, Optional<TailEvent>> newest;
    private final Map<String, Integer> partitionCounts = new HashMap<>();

    private KafkaTail(Map<TopicPartition, Optional<TailEvent>> newest) {
        this.newest = newest;
        newest.keySet().forEach(partition -> partitionCounts.merge(partition.topic(), 1, Integer::sum));
    }

    /**
     * Reads the committed records at the end of each partition.
     *
     * @throws RuntimeException if Kafka does not answer
     */
    public static KafkaTail read(KafkaProperties kafka, RecordMac mac) {
        Map<String, Object> settings = new HashMap<>(kafka.buildConsumerProperties());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return new KafkaTail(new TailReader(consumer, mac).run());
        }
    }

    /** Reads backwards until each partition has shown an event or its beginning. */
    private static final class TailReader {

        private final KafkaConsumer<byte[], byte[]> consumer;
        private final RecordMac mac;
        private final Map<TopicPartition, Optional<TailEvent>> found = new HashMap<>();

        private TailReader(KafkaConsumer<byte[], byte[]> consumer, RecordMac mac) {
            this.consumer = consumer;
            this.mac = mac;
        }

        private Map<TopicPartition, Optional<TailEvent>> run() {
            List<TopicPartition> all = new ArrayList<>();
            for (String topic : List.of(Topics.PETITION_EVENTS, Topics.SIGNATURE_EVENTS)) {
                for (PartitionInfo info : consumer.listTopics().getOrDefault(topic, List.of())) {
                    all.add(new TopicPartition(topic, info.partition()));
                }
            }
            all.forEach(partition -> found.put(partition, Optional.empty()));
            consumer.assign(all);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            Set<TopicPartition> open = new HashSet<>(all);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            for (long distance = FIRST_DISTANCE; !open.isEmpty(); distance *= FACTOR) {
                Map<TopicPartition, Long> starts = new HashMap<>();
                for (TopicPartition partition : open) {
                    starts.put(partition, Math.max(offset(begins, partition), offset(ends, partition) - distance));
                }
                readFrom(starts, ends, deadline);
                open.removeIf(
                        partition -> isFound(partition) || offset(starts, partition) <= offset(begins, partition));
            }
            return found;
        }

        private void readFrom(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends, long deadline) {
            consumer.pause(consumer.assignment());
            consumer.resume(starts.keySet());
            starts.forEach(consumer::seek);
            while (starts.keySet().stream()
                    .anyMatch(partition -> consumer.position(partition) < offset(ends, partition))) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("Kafka did not answer within " + TIMEOUT.toSeconds() + " s");
                }
                consumer.poll(POLL_TIMEOUT)
                        .forEach(record -> event(record)
                                .ifPresent(
                                        event -> note(new TopicPartition(record.topic(), record.partition()), event)));
            }
        }

        /** A copy of an earlier record may follow the newest one. */
        private void note(TopicPartition partition, TailEvent event) {
            found.merge(
                    partition,
                    Optional.of(event),
                    (one, other) -> one.isPresent() && one.get().index() >= event.index() ? one : other);
        }

        private boolean isFound(TopicPartition partition) {
            return found.getOrDefault(partition, Optional.empty()).isPresent();
        }

        private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
            return offsets.getOrDefault(partition, 0L);
        }

        /** Returns the event of a record, or empty if it has no valid MAC. */
        private Optional<TailEvent> event(ConsumerRecord<byte[], byte[]> record) {
            Function<String, byte @Nullable []> headers = name -> {
                Header header = record.headers().lastHeader(name);
                return header == null ? null : header.value();
            };
            if (!mac.isValid(headers, record.value())) {
                return Optional.empty();
            }
            try {
                return Optional.of(new TailEvent(CloudEvent.index(headers), record));
            } catch (UnreadableEventException e) {
                return Optional.empty();
            }
        }
    }

    /** Returns the index of the newest event, or 0 if there is none. */
    public long newestIndex() {
        return events().stream().mapToLong(TailEvent::index).max().orElse(0);
    }

    /** Returns the newest event of each partition that has any. */
    Collection<TailEvent> events() {
        return newest.values().stream().flatMap(Optional::stream).toList();
    }

    /** Tells whether an event with this key is at or before the end of its partition. */
    public boolean reaches(String topic, byte[] key, long index) {
        return lastIndexFor(topic, key) >= index;
    }

    /** Returns the index of the newest event in the partition of a key, or 0 if there is none. */
    long lastIndexFor(String topic, byte[] key) {
        int partitions = partitionCounts.getOrDefault(topic, 0);
        if (partitions == 0) {
            return 0;
        }
        // The same computation as that of Kafka's producer.
        int partition = Utils.toPositive(Utils.murmur2(key)) % partitions;
        return newest.getOrDefault(new TopicPartition(topic, partition), Optional.empty())
                .map(TailEvent::index)
                .orElse(0L);
    }
}
