package org.countersign.signature.audit;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.countersign.counting.order.HeaderLookup;
import org.countersign.counting.order.LogOrderMerger;
import org.countersign.counting.order.PipelineStage;
import org.countersign.events.CloudEvent;
import org.countersign.events.RecordMac;
import org.countersign.events.Topics;
import org.countersign.events.UnreadableEventException;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;

/** Reads the events of Kafka from the beginning, merged into log order. */
@Component
public class KafkaEventLog {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
    private static final int MAX_POLL_RECORDS = 2000;
    private static final int MAX_FETCH_BYTES = 256 << 10;

    /**
     * Converts a record before it has its place in the order. Called on one thread.
     *
     * @param <T> a small type, because thousands of values are buffered
     */
    @FunctionalInterface
    public interface RecordConverter<T> {
        T convert(ConsumerRecord<byte[], byte[]> record, HeaderLookup<Header> headers);
    }

    /** Receives the events in log order, and the problems. Called on one thread. */
    public interface EventVisitor<T> {

        /** Called for each event. */
        void event(long index, T event);

        /**
         * Called for a record that is not an event or is out of order.
         *
         * @param index the index of the event, if it is known
         * @param text what is wrong
         */
        void problem(OptionalLong index, String text);

        /**
         * Called for a record without a valid MAC. Consumers pass over it.
         *
         * @param text what it is
         */
        void unauthentic(String text);
    }

    private final KafkaProperties kafka;
    private final RecordMac mac;

    KafkaEventLog(KafkaProperties kafka, RecordMac mac) {
        this.kafka = kafka;
        this.mac = mac;
    }

    /**
     * Reads the events that Kafka has now, up to an index. Missing events are skipped, so that the next event has a
     * higher index.
     *
     * @param last the index of the last event
     */
    public <T> void read(long last, RecordConverter<T> converter, EventVisitor<T> visitor) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
                PipelineStage stage = new PipelineStage("kafka-log")) {
            List<TopicPartition> partitions = partitions(consumer);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            RecordMerger<T> merger = new RecordMerger<>(mac, converter, visitor);
            boolean ended = false;
            while (!ended && merger.order.next() <= last) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL_TIMEOUT);
                Set<TopicPartition> atEnd = new HashSet<>(partitions);
                atEnd.removeIf(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L));
                stage.awaitCompletion();
                Set<TopicPartition> full = merger.order.fullPartitions();
                consumer.resume(partitions);
                consumer.pause(full);
                ended = atEnd.size() == partitions.size();
                // The next event is in no partition: each partition is read to its end, or its buffer is full.
                boolean stuck = records.isEmpty()
                        && !full.isEmpty()
                        && partitions.stream()
                                .allMatch(partition -> atEnd.contains(partition) || full.contains(partition));
                stage.submit(() -> merger.add(records, stuck));
            }
            stage.awaitCompletion();
            merger.finish(last);
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        return Stream.of(Topics.PETITION_EVENTS, Topics.SIGNATURE_EVENTS)
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(kafka.buildConsumerProperties());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_FETCH_BYTES);
        return settings;
    }

    /** The records that are read and not yet passed on. */
    private static final class RecordMerger<T> {

        private final RecordMac mac;
        private final RecordConverter<T> converter;
        private final EventVisitor<T> visitor;
        private final LogOrderMerger<TopicPartition, T> order = new LogOrderMerger<>(0);
        private final HeaderLookup<Header> headers = new HeaderLookup<>(Header::key, Header::value, CloudEvent.INDEX);
        private final Map<TopicPartition, Long> lastIndexes = new HashMap<>();

        private RecordMerger(RecordMac mac, RecordConverter<T> converter, EventVisitor<T> visitor) {
            this.mac = mac;
            this.converter = converter;
            this.visitor = visitor;
        }

        void add(ConsumerRecords<byte[], byte[]> records, boolean stuck) {
            for (TopicPartition partition : records.partitions()) {
                records.records(partition).forEach(record -> add(partition, record));
            }
            if (stuck) {
                order.skip();
            }
            order.drain((event, index) -> visitor.event(index, event));
        }

        private void add(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
            headers.select(record.headers().toArray());
            if (!isAuthentic(record)) {
                visitor.unauthentic("the record " + partition + "@" + record.offset() + " has no valid MAC");
                return;
            }
            try {
                long index = CloudEvent.index(headers);
                if (index <= lastIndexes.getOrDefault(partition, 0L)) {
                    visitor.problem(
                            OptionalLong.of(index),
                            "is a duplicate or out of order, at " + partition + "@" + record.offset());
                    return;
                }
                lastIndexes.put(partition, index);
                order.add(partition, record.offset(), index, converter.convert(record, headers));
            } catch (UnreadableEventException e) {
                visitor.problem(
                        OptionalLong.empty(),
                        "the record " + partition + "@" + record.offset() + " is not an event: " + e.getMessage());
            }
        }

        private boolean isAuthentic(ConsumerRecord<byte[], byte[]> record) {
            return mac.isValid(headers, record.value())
                    || headers.resolveByName() && mac.isValid(headers, record.value());
        }

        void finish(long last) {
            while (order.next() <= last && order.skip()) {
                order.drain((event, index) -> visitor.event(index, event));
            }
        }
    }
}
