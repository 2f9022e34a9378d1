package org.countersign.notifier.planning;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.countersign.events.CloudEvent;
import org.countersign.events.RecordMac;
import org.countersign.events.RecordedEvent;
import org.countersign.events.Topics;
import org.countersign.events.UnreadableEventException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.AbstractConsumerSeekAware;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads events and plans their deliveries. One transaction stores the deliveries and the position after the events.
 * Consumption resumes from the position in the database, so that it cannot differ from the stored deliveries.
 */
@Component
class EventConsumer extends AbstractConsumerSeekAware {

    private static final String STORE_POSITION = """
            insert into partition_position (topic, partition, next_offset) values (?, ?, ?)
            on conflict (topic, partition) do update
            set next_offset = greatest(partition_position.next_offset, excluded.next_offset)""";

    private static final Logger LOG = LoggerFactory.getLogger(EventConsumer.class);

    private final Planner planner;
    private final JdbcTemplate database;
    private final TransactionTemplate transaction;
    private final RecordMac mac;
    private final Counter unreadable;

    EventConsumer(
            Planner planner,
            JdbcTemplate database,
            TransactionTemplate transaction,
            RecordMac mac,
            MeterRegistry meters) {
        this.planner = planner;
        this.database = database;
        this.transaction = transaction;
        this.mac = mac;
        this.unreadable = Counter.builder("countersign.notifier.unreadable")
                .description("unreadable records")
                .register(meters);
    }

    @Override
    public void onPartitionsAssigned(Map<TopicPartition, Long> assignments, ConsumerSeekCallback callback) {
        super.onPartitionsAssigned(assignments, callback);
        Map<TopicPartition, Long> stored = new HashMap<>();
        database.query("select topic, partition, next_offset from partition_position", row -> {
            stored.put(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3));
        });
        assignments
                .keySet()
                .forEach(partition ->
                        callback.seek(partition.topic(), partition.partition(), stored.getOrDefault(partition, 0L)));
    }

    @KafkaListener(
            id = "events",
            topics = {Topics.PETITION_EVENTS, Topics.SIGNATURE_EVENTS, Topics.MILESTONE_EVENTS},
            groupId = "notifier",
            batch = "true")
    void consume(List<ConsumerRecord<byte[], byte[]>> records) {
        try {
            plan(records);
        } catch (Error e) {
            // An Error ends the listener for good. An exception is retried.
            throw new IllegalStateException("Planning failed", e);
        }
    }

    private void plan(List<ConsumerRecord<byte[], byte[]>> records) {
        transaction.executeWithoutResult(status -> {
            List<RecordedEvent> events = new ArrayList<>(records.size());
            Map<TopicPartition, Long> positions = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                read(record, events);
                positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            }
            planner.plan(events);
            positions.forEach(this::store);
        });
    }

    private void read(ConsumerRecord<byte[], byte[]> record, List<RecordedEvent> events) {
        Function<String, byte @Nullable []> headers = name -> {
            Header header = record.headers().lastHeader(name);
            return header == null ? null : header.value();
        };
        if (!mac.isValid(headers, record.value())) {
            passOver(record, "it has no valid MAC");
            return;
        }
        try {
            events.add(CloudEvent.read(headers, record.value()));
        } catch (UnreadableEventException e) {
            passOver(record, String.valueOf(e.getMessage()));
        }
    }

    private void passOver(ConsumerRecord<byte[], byte[]> record, String reason) {
        LOG.error("Unreadable record {}-{}@{}: {}", record.topic(), record.partition(), record.offset(), reason);
        unreadable.increment();
        database.update("""
                insert into unreadable_record (topic, partition, position, reason) values (?, ?, ?, ?)
                on conflict do nothing""", record.topic(), record.partition(), record.offset(), reason);
    }

    // A position never decreases. After a rebalance, a late transaction of the former owner must not reset the position
    // of the new owner.
    private void store(TopicPartition partition, long next) {
        database.update(STORE_POSITION, partition.topic(), partition.partition(), next);
    }
}
