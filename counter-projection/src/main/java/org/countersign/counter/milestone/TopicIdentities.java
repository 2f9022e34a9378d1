package org.countersign.counter.milestone;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.countersign.support.kafka.KafkaFutures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Notices topics that were lost and created again. Offsets and publications of the lost ones mean nothing there. */
@Component
public class TopicIdentities {

    private static final Logger LOG = LoggerFactory.getLogger(TopicIdentities.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final KafkaProperties kafka;
    private final JdbcTemplate database;
    private final TransactionTemplate transaction;

    TopicIdentities(KafkaProperties kafka, JdbcTemplate database, TransactionTemplate transaction) {
        this.kafka = kafka;
        this.database = database;
        this.transaction = transaction;
    }

    /**
     * Compares the ids of topics with the stored ones and stores the new ones.
     *
     * @param statement what to do, in the same transaction, for each topic that was created again. Its only parameter
     *     is the name of the topic
     */
    public void check(Collection<String> topics, String statement) {
        List<TopicDescription> descriptions;
        try (Admin admin = Admin.create(kafka.buildAdminProperties())) {
            descriptions =
                    List.copyOf(KafkaFutures.await(admin.describeTopics(topics).allTopicNames(), TIMEOUT)
                            .values());
        }
        transaction.executeWithoutResult(status -> descriptions.forEach(
                topic -> check(topic.name(), topic.topicId().toString(), statement)));
    }

    private void check(String topic, String id, String statement) {
        database.update("insert into topic_identity (topic, id) values (?, ?) on conflict do nothing", topic, id);
        if (database.update("update topic_identity set id = ? where topic = ? and id <> ?", id, topic, id) > 0) {
            LOG.warn("The topic {} was created again", topic);
            database.update(statement, topic);
        }
    }
}
