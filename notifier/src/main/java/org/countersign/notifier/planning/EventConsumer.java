package org.countersign.notifier.planning;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.countersign.events.CloudEvent;
import org.countersign.events.RecordMac;
import org.countersign.events.RecordedEvent;
import org.countersign.events.Topics;
import org.countersign.events.UnreadableEventException;
import org.countersign.notifier.delivery.SendingStart;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.AbstractConsumerSeekAware;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads events and plans their deliveries. One transaction stores the deliveries and the position after the events. The
 * position is locked first, and planned events are recognised by their index. So a late transaction of the former owner
 * of a partition changes nothing, and neither does a record that is published again.
 */
@Component
class EventConsumer extends AbstractConsumerSeekAware {

    private static final Logger LOG = LoggerFactory.getLogger(EventConsumer.class);

    private static final long CHECK_INTERVAL_MILLIS = 1000;

    private final Planner planner;
    private final PartitionPositions positions;
    private final CommittedOffsets committed;
    private final EarlierDeliveries earlier;
    private final SendingStart sending;
    private final JdbcTemplate database;
    private final TransactionTemplate transaction;
    private final RecordMac mac;
    private final Counter unreadable;
    /** The offsets that this instance has stored. Only a database that was replaced has lower ones. */
    private final Map<TopicPartition, Long> stored = new ConcurrentHashMap<>();

    EventConsumer(
            Planner planner,
            PartitionPositions positions,
            CommittedOffsets committed,
            EarlierDeliveries earlier,
            SendingStart sending,
            JdbcTemplate database,
            TransactionTemplate transaction,
            RecordMac mac,
            MeterRegistry meters) {
        this.planner = planner;
        this.positions = positions;
        this.committed = committed;
        this.earlier = earlier;
        this.sending = sending;
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
        Map<String, String> topicIds = topicIds(assignments.keySet());
        begin(committed.read(assignments.keySet(), topicIds), topicIds, callback);
        if (!assignments.isEmpty()) {
            sending.begin();
        }
    }

    private Map<String, String> topicIds(Collection<TopicPartition> partitions) {
        return positions.topicIds(partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet()));
    }

    /** @param known the offsets that this consumer group is known to have stored */
    private synchronized void begin(
            Map<TopicPartition, Long> known, Map<String, String> topicIds, ConsumerSeekCallback callback) {
        committed.begin(topicIds);
        transaction.executeWithoutResult(status -> {
            if (positions.begin(known, topicIds)) {
                LOG.error("The database is behind the position in Kafka. It was restored or lost. Deliveries that may "
                        + "have been sent are parked. See docs/operations.md.");
                earlier.parkAll();
            }
        });
        Map<TopicPartition, PartitionPositions.PartitionPosition> current = positions.all();
        stored.clear();
        known.keySet().forEach(partition -> {
            PartitionPositions.PartitionPosition position = current.get(partition);
            callback.seek(partition.topic(), partition.partition(), position == null ? 0 : position.nextOffset());
        });
    }

    @KafkaListener(
            id = "events",
            topics = {Topics.PETITION_EVENTS, Topics.SIGNATURE_EVENTS, Topics.MILESTONE_EVENTS},
            groupId = CommittedOffsets.GROUP,
            batch = "true")
    synchronized void consume(List<ConsumerRecord<byte[], byte[]>> records) {
        try {
            planNew(records);
        } catch (Error e) {
            // An Error ends the listener for good. An exception is retried.
            throw new IllegalStateException("Planning failed", e);
        }
    }

    private void planNew(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<TopicPartition, PartitionPositions.PartitionPosition> before = positions.all();
        if (wentBack(before)) {
            return;
        }
        Map<Boolean, List<ConsumerRecord<byte[], byte[]>>> parts = records.stream()
                .collect(Collectors.partitioningBy(record -> wasPlannedBefore(record, before.get(partition(record)))));
        plan(parts.getOrDefault(true, List.of()), true);
        plan(parts.getOrDefault(false, List.of()), false);
    }

    /** Parks deliveries of a replaced database soon, not only when the next event arrives. */
    @Scheduled(fixedDelay = CHECK_INTERVAL_MILLIS)
    synchronized void check() {
        try {
            if (!stored.isEmpty()) {
                wentBack(positions.all());
            }
        } catch (DataAccessException | TransactionException | IllegalStateException e) {
            LOG.debug("The positions cannot be compared: {}", e.toString());
        }
    }

    /** Begins again from the positions of a database that was replaced while this instance was running. */
    private boolean wentBack(Map<TopicPartition, PartitionPositions.PartitionPosition> positionsNow) {
        Map<TopicPartition, Long> lost = new HashMap<>(stored);
        lost.entrySet().removeIf(own -> {
            PartitionPositions.PartitionPosition now = positionsNow.get(own.getKey());
            return now != null && now.nextOffset() >= own.getValue();
        });
        if (lost.isEmpty()) {
            return false;
        }
        List<ConsumerSeekCallback> callbacks =
                getSeekCallbacksFor(lost.keySet().iterator().next());
        if (callbacks != null && !callbacks.isEmpty()) {
            begin(Map.copyOf(stored), topicIds(stored.keySet()), callbacks.get(0));
        }
        return true;
    }

    private static boolean wasPlannedBefore(
            ConsumerRecord<byte[], byte[]> record, PartitionPositions.@Nullable PartitionPosition position) {
        return position != null && record.offset() < position.plannedUntil();
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** @param before whether an earlier database had planned the deliveries */
    private void plan(List<ConsumerRecord<byte[], byte[]>> records, boolean before) {
        if (records.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        transaction.executeWithoutResult(status -> {
            Map<TopicPartition, PartitionPositions.PartitionPosition> locked = positions.lock(
                    records.stream().map(EventConsumer::partition).collect(Collectors.toSet()));
            List<RecordedEvent> events = new ArrayList<>(records.size());
            Map<TopicPartition, Long> indexes = new HashMap<>();
            locked.forEach((partition, position) -> indexes.put(partition, position.lastIndex()));
            for (ConsumerRecord<byte[], byte[]> record : records) {
                TopicPartition partition = partition(record);
                Optional<RecordedEvent> read = read(record);
                long index = read.map(RecordedEvent::index).orElse(0L);
                // Milestones have no index. They are recognised by their id.
                if (index == 0 || index > indexes.getOrDefault(partition, 0L)) {
                    read.ifPresent(events::add);
                    indexes.merge(partition, index, Math::max);
                }
                offsets.put(partition, record.offset() + 1);
            }
            planner.plan(events);
            if (before) {
                earlier.parkOfThisTransaction();
            }
            offsets.forEach(
                    (partition, offset) -> positions.store(partition, offset, indexes.getOrDefault(partition, 0L)));
        });
        stored.putAll(offsets);
    }

    /** Returns the event, or empty if the record is passed over. */
    private Optional<RecordedEvent> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(read(record, mac));
        } catch (UnreadableEventException e) {
            passOver(record, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /**
     * Reads the event of a record.
     *
     * @throws UnreadableEventException if the record has no valid MAC or no valid event
     */
    static RecordedEvent read(ConsumerRecord<byte[], byte[]> record, RecordMac mac) {
        Function<String, byte @Nullable []> headers = name -> {
            Header header = record.headers().lastHeader(name);
            return header == null ? null : header.value();
        };
        if (!mac.isValid(headers, record.value())) {
            throw new UnreadableEventException("it has no valid MAC");
        }
        return CloudEvent.read(headers, record.value());
    }

    private void passOver(ConsumerRecord<byte[], byte[]> record, String reason) {
        LOG.error("Unreadable record {}-{}@{}: {}", record.topic(), record.partition(), record.offset(), reason);
        unreadable.increment();
        database.update("""
                insert into unreadable_record (topic, partition, position, reason) values (?, ?, ?, ?)
                on conflict do nothing""", record.topic(), record.partition(), record.offset(), reason);
    }
}
