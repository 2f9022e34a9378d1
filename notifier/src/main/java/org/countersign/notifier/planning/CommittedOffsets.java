package org.countersign.notifier.planning;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.countersign.support.kafka.KafkaFutures;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;

/**
 * The offsets that this consumer group has committed to Kafka, each with the ids of the topics that it belongs to. A
 * commit can arrive late, in a topic that was created again meanwhile. Its offset says nothing about the new topic.
 */
@Component
class CommittedOffsets {

    /** The consumer group. */
    static final String GROUP = "notifier";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final KafkaProperties kafka;
    private volatile String topics = "";

    CommittedOffsets(KafkaProperties kafka) {
        this.kafka = kafka;
    }

    /** Sets the topics that are read from now on. */
    void begin(Map<String, String> topicIds) {
        Map<String, String> known = new TreeMap<>(topicIds);
        StringBuilder text = new StringBuilder();
        known.forEach((topic, id) -> text.append(label(topic, id)).append(' '));
        topics = text.toString();
    }

    private static String label(String topic, String id) {
        return topic + "=" + id;
    }

    /** Returns what is committed for an offset. */
    OffsetAndMetadata commit(long offset) {
        return new OffsetAndMetadata(offset, topics);
    }

    /**
     * Reads the offsets of this group.
     *
     * @param topicIds the ids of the topics
     * @return the offset of each partition, 0 if none was committed for the topic with this id
     * @throws RuntimeException if Kafka does not answer
     */
    Map<TopicPartition, Long> read(Collection<TopicPartition> partitions, Map<String, String> topicIds) {
        Map<TopicPartition, OffsetAndMetadata> committed;
        try (Admin admin = Admin.create(kafka.buildAdminProperties())) {
            committed =
                    KafkaFutures.await(admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata(), TIMEOUT);
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            String label = label(partition.topic(), topicIds.getOrDefault(partition.topic(), ""));
            offsets.put(partition, offset != null && offset.metadata().contains(label) ? offset.offset() : 0L);
        }
        return offsets;
    }
}
