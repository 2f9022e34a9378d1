package org.countersign.support.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates topics for events. Their records never expire, because every projection is rebuilt from them. */
public final class EventTopics {

    private static final Map<String, String> UNLIMITED_RETENTION =
            Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1", TopicConfig.RETENTION_BYTES_CONFIG, "-1");

    private EventTopics() {}

    /**
     * Creates a topic if it does not exist. The broker's default decides the replication factor.
     *
     * @param admin a client with the right to create topics
     * @param name the topic's name
     * @param partitions the number of partitions of a new topic; an existing topic keeps its number
     * @param timeout how long to wait for Kafka
     * @throws IllegalStateException if Kafka refuses or does not answer within the timeout
     */
    public static void create(Admin admin, String name, int partitions, Duration timeout) {
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(UNLIMITED_RETENTION);
        try {
            KafkaFutures.await(admin.createTopics(Set.of(topic)).all(), timeout);
        } catch (IllegalStateException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
