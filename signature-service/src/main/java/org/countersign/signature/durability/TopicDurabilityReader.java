package org.countersign.signature.durability;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.countersign.events.Topics;
import org.countersign.signature.publiclog.SignedHeads;
import org.countersign.support.kafka.KafkaFutures;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;

/** Reads the replication of the topics that this service writes. */
@Component
class TopicDurabilityReader {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final List<String> TOPICS =
            List.of(Topics.PETITION_EVENTS, Topics.SIGNATURE_EVENTS, SignedHeads.TOPIC);

    private final KafkaProperties kafka;

    TopicDurabilityReader(KafkaProperties kafka) {
        this.kafka = kafka;
    }

    /** @throws IllegalStateException if Kafka refuses or does not answer. The cause tells which. */
    List<TopicDurability> read() {
        Admin admin = Admin.create(kafka.buildAdminProperties());
        try {
            return TOPICS.stream().map(topic -> read(admin, topic)).toList();
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private static TopicDurability read(Admin admin, String topic) {
        try {
            TopicDescription description = Objects.requireNonNull(
                    KafkaFutures.await(admin.describeTopics(Set.of(topic)).allTopicNames(), TIMEOUT)
                            .get(topic));
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            Config settings = Objects.requireNonNull(
                    KafkaFutures.await(admin.describeConfigs(Set.of(resource)).all(), TIMEOUT)
                            .get(resource));
            return of(
                    topic,
                    lowest(description.partitions().stream()
                            .map(partition -> partition.replicas().size())),
                    lowest(description.partitions().stream()
                            .map(partition -> partition.isr().size())),
                    settings);
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return asCreated(admin, topic);
            }
            throw e;
        }
    }

    private static int lowest(Stream<Integer> numbers) {
        return numbers.min(Integer::compare).orElse(0);
    }

    /** Asks what a missing topic would get from the defaults of the brokers. The relay creates it so. */
    private static TopicDurability asCreated(Admin admin, String topic) {
        CreateTopicsResult result = admin.createTopics(
                Set.of(new NewTopic(topic, Optional.of(1), Optional.empty())),
                new CreateTopicsOptions().validateOnly(true));
        int replicas = KafkaFutures.await(result.replicationFactor(topic), TIMEOUT);
        return of(topic, replicas, replicas, KafkaFutures.await(result.config(topic), TIMEOUT));
    }

    private static TopicDurability of(String topic, int replicas, int inSync, Config settings) {
        return new TopicDurability(
                topic,
                replicas,
                inSync,
                Integer.parseInt(value(settings, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)),
                Boolean.parseBoolean(value(settings, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG)));
    }

    private static String value(Config settings, String name) {
        return Objects.requireNonNull(settings.get(name), name).value();
    }
}
