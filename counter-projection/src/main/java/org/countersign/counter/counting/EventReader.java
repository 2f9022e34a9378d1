package org.countersign.counter.counting;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.countersign.counting.CountedEvent;
import org.countersign.counting.Fold;
import org.countersign.counting.order.HeaderLookup;
import org.countersign.counting.order.LogOrderMerger;
import org.countersign.events.CloudEvent;
import org.countersign.events.RecordMac;
import org.countersign.events.UnreadableEventException;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/** Converts records of all partitions to events in log order. Not thread-safe. */
final class EventReader {

    /** Receives the records that are passed over. */
    @FunctionalInterface
    interface UnreadableRecords {
        void add(TopicPartition partition, long offset, String reason);
    }

    /**
     * A record with an index.
     *
     * @param event empty for an unreadable record
     */
    private record IndexedRecord(TopicPartition partition, long offset, Optional<CountedEvent> event) {}

    private final RecordMac mac;
    private final UnreadableRecords unreadable;
    private final HeaderLookup<Header> headers = new HeaderLookup<>(Header::key, Header::value, CloudEvent.INDEX);
    private final LogOrderMerger<TopicPartition, IndexedRecord> order;

    /**
     * Starts after an event.
     *
     * @param last the index of that event
     * @param mac checks each record
     * @param unreadable receives each unreadable record and the reason
     */
    EventReader(long last, RecordMac mac, UnreadableRecords unreadable) {
        this.mac = mac;
        this.order = new LogOrderMerger<>(last);
        this.unreadable = unreadable;
    }

    /** Returns the settings of a consumer of the log. */
    static Map<String, Object> consumerSettings(KafkaProperties kafka) {
        Map<String, Object> settings = new HashMap<>(kafka.buildConsumerProperties());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }

    void take(ConsumerRecords<byte[], byte[]> records) {
        records.partitions()
                .forEach(partition -> records.records(partition).forEach(record -> take(partition, record)));
    }

    private void take(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        headers.select(record.headers().toArray());
        if (!isAuthentic(record)) {
            // It takes no index. Otherwise anybody who can write to Kafka could suppress an event.
            passOver(partition, record, "it has no valid MAC");
            return;
        }
        long index;
        try {
            index = CloudEvent.index(headers);
        } catch (UnreadableEventException e) {
            passOver(partition, record, "it has no index");
            return;
        }
        if (index < order.next()) {
            order.pass(partition, record.offset());
        } else {
            order.add(partition, record.offset(), index, new IndexedRecord(partition, record.offset(), read(record)));
        }
    }

    private boolean isAuthentic(ConsumerRecord<byte[], byte[]> record) {
        return mac.isValid(headers, record.value()) || headers.resolveByName() && mac.isValid(headers, record.value());
    }

    private void passOver(TopicPartition partition, ConsumerRecord<byte[], byte[]> record, String reason) {
        unreadable.add(partition, record.offset(), reason);
        order.pass(partition, record.offset());
    }

    private Optional<CountedEvent> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(CountedEvent.read(headers, record.value()));
        } catch (UnreadableEventException e) {
            if (headers.resolveByName()) {
                return read(record);
            }
            unreadable.add(
                    new TopicPartition(record.topic(), record.partition()),
                    record.offset(),
                    String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Adds the events up to an index, or to the first gap, to a fold. */
    void fold(long last, Fold fold) {
        order.drain(last, (record, index) -> {
            if (record.event.isEmpty()) {
                fold.skip();
            } else if (fold.knows(record.event.get())) {
                fold.add(record.event.get());
            } else {
                unreadable.add(record.partition, record.offset, "its petition was never published");
                fold.skip();
            }
        });
    }

    /** Returns the index of the next event. */
    long next() {
        return order.next();
    }

    /** Returns the number of buffered events. */
    int waiting() {
        return order.size();
    }

    /** Returns the next offset of each partition that has moved since the last call. */
    Map<TopicPartition, Long> takeMovedOffsets() {
        return order.takeMovedOffsets();
    }

    /** Pauses the partitions whose buffer is full and resumes the others. */
    void pauseFullPartitions(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> crowded = order.fullPartitions();
        crowded.retainAll(consumer.assignment());
        Set<TopicPartition> free = new HashSet<>(consumer.paused());
        free.removeAll(crowded);
        consumer.pause(crowded);
        consumer.resume(free);
    }
}
