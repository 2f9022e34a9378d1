package org.countersign.signature.eventlog;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.countersign.events.CloudEvent;

/** Events as they are published. */
public final class EventRecords {

    private EventRecords() {}

    /** The record of an event. */
    public static ProducerRecord<byte[], byte[]> of(StoredEvent stored) {
        CloudEvent.Envelope envelope = stored.envelope();
        // The record's own timestamp is left to Kafka, which refuses times ahead of its clock: an event's time is in
        // its header.
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                CloudEvent.topic(stored.type()), envelope.subject().getBytes(StandardCharsets.UTF_8), stored.data());
        envelope.headers(record.headers()::add);
        return record;
    }
}
