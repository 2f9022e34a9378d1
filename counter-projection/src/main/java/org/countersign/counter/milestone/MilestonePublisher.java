package org.countersign.counter.milestone;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.countersign.events.CloudEvent;
import org.countersign.events.EventJson;
import org.countersign.events.MilestoneReached;
import org.countersign.events.PetitionSlug;
import org.countersign.events.RecordMac;
import org.countersign.events.RecordedEvent;
import org.countersign.events.Topics;
import org.countersign.support.kafka.EventTopics;
import org.countersign.support.kafka.KafkaFutures;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;

/**
 * Publishes milestones from the outbox in the order in which they were reached. A crash between publishing and
 * recording repeats one with the same id, so that consumers recognise it.
 */
@Component
public class MilestonePublisher {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final JdbcClient database;
    private final KafkaTemplate<byte[], byte[]> kafka;
    private final KafkaProperties properties;
    private final RecordMac mac;
    private final TopicIdentities topics;
    private volatile boolean topicExists;

    MilestonePublisher(
            JdbcClient database,
            KafkaTemplate<byte[], byte[]> kafka,
            KafkaProperties properties,
            RecordMac mac,
            TopicIdentities topics) {
        this.database = database;
        this.kafka = kafka;
        this.properties = properties;
        this.mac = mac;
        this.topics = topics;
    }

    /** Publishes the unpublished milestones and returns when Kafka has them. */
    public void publishAll() {
        ensureTopic();
        for (MilestoneReached reached : unpublished()) {
            send(reached);
            database.sql("update milestone set published = true where petition = ? and threshold = ?")
                    .params(reached.petition().value(), reached.threshold())
                    .update();
        }
    }

    private void send(MilestoneReached reached) {
        try {
            KafkaFutures.await(kafka.send(record(reached)), TIMEOUT);
        } catch (RuntimeException e) {
            // The topic may be gone.
            recheckTopic();
            throw e;
        }
    }

    /**
     * Checks before the next publication whether the topic was lost. A topic that was lost gets all milestones again.
     */
    public void recheckTopic() {
        topicExists = false;
    }

    private List<MilestoneReached> unpublished() {
        return database.sql("""
                        select petition, threshold, goal, reached_at, global_index from milestone
                        where not published order by public_position""")
                .query((row, number) -> new MilestoneReached(
                        new PetitionSlug(row.getString("petition")),
                        row.getTimestamp("reached_at").toInstant(),
                        row.getLong("threshold"),
                        row.getLong("goal"),
                        row.getLong("global_index")))
                .list();
    }

    private ProducerRecord<byte[], byte[]> record(MilestoneReached reached) {
        RecordedEvent recorded =
                new RecordedEvent(0, reached.petition() + ":" + reached.threshold(), Optional.empty(), reached);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.MILESTONE_EVENTS,
                CloudEvent.key(reached).getBytes(StandardCharsets.UTF_8),
                EventJson.data(reached));
        CloudEvent.headers(recorded, mac).forEach(record.headers()::add);
        return record;
    }

    private void ensureTopic() {
        if (topicExists) {
            return;
        }
        try (Admin admin = Admin.create(properties.buildAdminProperties())) {
            EventTopics.create(admin, Topics.MILESTONE_EVENTS, 1, TIMEOUT);
        }
        topics.check(List.of(Topics.MILESTONE_EVENTS), "update milestone set published = false where ? is not null");
        topicExists = true;
    }
}
