package org.countersign.notifier.planning;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.countersign.support.kafka.KafkaFutures;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The positions in Kafka's partitions, in the database. A position has the index of the last planned event, so that an
 * event is recognised wherever it comes again. The caller of most methods runs the transaction.
 */
@Component
class PartitionPositions {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String CHANGE_TOPIC = """
            update partition_position set topic_id = ?, next_offset = 0, planned_until = 0
            where topic = ? and partition = ? and topic_id <> ?""";
    private static final String STORE = """
            insert into partition_position (topic, partition, next_offset, last_index) values (?, ?, ?, ?)
            on conflict (topic, partition) do update
            set next_offset = case when excluded.last_index > partition_position.last_index
                    then excluded.next_offset
                    else greatest(partition_position.next_offset, excluded.next_offset) end,
                last_index = excluded.last_index""";

    /**
     * A position.
     *
     * @param nextOffset the offset of the next record
     * @param lastIndex the index of the last planned event
     * @param plannedUntil the offset before which an earlier database had planned the deliveries
     */
    record PartitionPosition(long nextOffset, long lastIndex, long plannedUntil) {

        private static final PartitionPosition BEGIN = new PartitionPosition(0, 0, 0);
    }

    private final JdbcTemplate database;
    private final KafkaProperties kafka;

    PartitionPositions(JdbcTemplate database, KafkaProperties kafka) {
        this.database = database;
        this.kafka = kafka;
    }

    /** Returns the ids of topics. A topic that is created again has another id, and other offsets. */
    Map<String, String> topicIds(Collection<String> topics) {
        try (Admin admin = Admin.create(kafka.buildAdminProperties())) {
            Map<String, String> ids = new HashMap<>();
            KafkaFutures.await(admin.describeTopics(topics).allTopicNames(), TIMEOUT).values().stream()
                    .map(TopicDescription.class::cast)
                    .forEach(topic -> ids.put(topic.name(), topic.topicId().toString()));
            return ids;
        }
    }

    /**
     * Begins to read partitions.
     *
     * @param committed the offsets that this consumer group has committed for these topics. The database stored each of
     *     them first. A lower position in the database shows that it was restored or lost
     * @param topicIds the ids of the topics
     * @return whether the database was restored or lost
     */
    boolean begin(Map<TopicPartition, Long> committed, Map<String, String> topicIds) {
        boolean restored = false;
        for (TopicPartition partition : sorted(committed.keySet())) {
            String id = topicIds.getOrDefault(partition.topic(), "");
            database.update("""
                    insert into partition_position (topic, partition, topic_id, next_offset) values (?, ?, ?, 0)
                    on conflict do nothing""", partition.topic(), partition.partition(), id);
            database.update(CHANGE_TOPIC, id, partition.topic(), partition.partition(), id);
            restored |= database.update(
                            """
                            update partition_position set planned_until = ?
                            where topic = ? and partition = ? and next_offset < ? and planned_until < ?""",
                            committed.get(partition),
                            partition.topic(),
                            partition.partition(),
                            committed.get(partition),
                            committed.get(partition))
                    > 0;
        }
        return restored;
    }

    private static List<TopicPartition> sorted(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .sorted(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition))
                .toList();
    }

    /** Returns all positions. */
    Map<TopicPartition, PartitionPosition> all() {
        Map<TopicPartition, PartitionPosition> positions = new HashMap<>();
        database.query(
                "select topic, partition, next_offset, last_index, planned_until from partition_position", row -> {
                    positions.put(
                            new TopicPartition(row.getString(1), row.getInt(2)),
                            new PartitionPosition(row.getLong(3), row.getLong(4), row.getLong(5)));
                });
        return positions;
    }

    /** Locks and returns the positions of partitions, so that no other instance plans their events meanwhile. */
    Map<TopicPartition, PartitionPosition> lock(Collection<TopicPartition> partitions) {
        Map<TopicPartition, PartitionPosition> locked = new HashMap<>();
        for (TopicPartition partition : sorted(partitions)) {
            Optional<PartitionPosition> position = database
                    .query(
                            "select next_offset, last_index, planned_until from partition_position "
                                    + "where topic = ? and partition = ? for update",
                            (row, number) -> new PartitionPosition(row.getLong(1), row.getLong(2), row.getLong(3)),
                            partition.topic(),
                            partition.partition())
                    .stream()
                    .findFirst();
            locked.put(partition, position.orElse(PartitionPosition.BEGIN));
        }
        return locked;
    }

    /** Stores a position. Without new events, the offset does not move back: a former owner may be late. */
    void store(TopicPartition partition, long nextOffset, long lastIndex) {
        database.update(STORE, partition.topic(), partition.partition(), nextOffset, lastIndex);
    }
}
