package org.countersign.signature.eventlog;

import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.countersign.events.Topics;
import org.countersign.support.kafka.KafkaFutures;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;

/**
 * The index of the last event that Kafka has, as Kafka knows it. The relay commits it in the transaction of the events.
 */
@Component
public class PublishedPosition implements DisposableBean {

    /** The consumer group, which reads nothing. Its committed offset is the position. */
    public static final String GROUP = "signature-service-relay";

    /** The partition whose committed offset is the position. */
    public static final TopicPartition PARTITION = new TopicPartition(Topics.PETITION_EVENTS, 0);

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final KafkaProperties kafka;
    private @Nullable Admin admin;

    PublishedPosition(KafkaProperties kafka) {
        this.kafka = kafka;
    }

    /**
     * Returns the position, or 0 if Kafka has none.
     *
     * @throws IllegalStateException if Kafka does not answer
     */
    public long get() {
        OffsetAndMetadata committed = KafkaFutures.await(
                        admin().listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata(), TIMEOUT)
                .get(PARTITION);
        return committed == null ? 0 : committed.offset();
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(kafka.buildAdminProperties());
        }
        return admin;
    }

    @Override
    public synchronized void destroy() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(5));
        }
    }
}
