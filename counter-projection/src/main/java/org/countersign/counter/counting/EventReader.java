package org.countersign.counter.counting;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
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
import org.countersign.events.UnreadableEventException;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/** Makes of Kafka's records, as they come from all partitions, events in the order of the log. For one thread. */
final class EventReader {

    private final BiConsumer<ConsumerRecord<byte[], byte[]>, String> unreadable;
    private final HeaderLookup<Header> headers = new HeaderLookup<>(Header::key, Header::value, CloudEvent.INDEX);
    /** Empty stands for a record that has an index and can't be read. */
    private final LogOrderMerger<TopicPartition, Optional<CountedEvent>> order;

    /**
     * Begins after an event.
     *
     * @param last its index
     * @param unreadable is given each record that is no event, and why
     */
    EventReader(long last, BiConsumer<ConsumerRecord<byte[], byte[]>, String> unreadable) {
        this.order = new LogOrderMerger<>(last);
        this.unreadable = unreadable;
    }

    /** What a consumer needs to read the log. */
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
        long index;
        try {
            index = CloudEvent.index(headers);
        } catch (UnreadableEventException e) {
            unreadable.accept(record, "it has no index");
            order.pass(partition, record.offset());
            return;
        }
        if (index < order.next()) {
            order.pass(partition, record.offset());
        } else {
            order.add(partition, record.offset(), index, read(record));
        }
    }

    private Optional<CountedEvent> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(CountedEvent.read(headers, record.value()));
        } catch (UnreadableEventException e) {
            if (headers.resolveByName()) {
                return read(record);
            }
            unreadable.accept(record, e.getMessage());
            return Optional.empty();
        }
    }

    /** Counts in what follows without a gap, up to an index. */
    void fold(long last, Fold fold) {
        order.drain(last, (event, index) -> event.ifPresentOrElse(fold::add, fold::skip));
    }

    /** The index of the event that comes next. */
    long next() {
        return order.next();
    }

    /** How many events wait for an earlier one. */
    int waiting() {
        return order.size();
    }

    /** Where reading must go on in each partition, as far as that has moved since the last call. */
    Map<TopicPartition, Long> takeMovedOffsets() {
        return order.takeMovedOffsets();
    }

    /** Has the consumer read no further where so much waits already that it would only fill the memory. */
    void holdBackCrowded(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> crowded = order.fullPartitions();
        crowded.retainAll(consumer.assignment());
        Set<TopicPartition> free = new HashSet<>(consumer.paused());
        free.removeAll(crowded);
        consumer.pause(crowded);
        consumer.resume(free);
    }
}
