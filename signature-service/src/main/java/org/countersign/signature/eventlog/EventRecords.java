package org.countersign.signature.eventlog;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.countersign.events.CloudEvent;

/** Converts stored events to records of Kafka. */
public final class EventRecords {

    private EventRecords() {}

    /** Converts an event. */
    public static ProducerRecord<byte[], byte[]> of(StoredEvent stored) {
        CloudEvent.Envelope envelope = stored.envelope();
        // Kafka sets the record's timestamp, because it rejects times ahead of its clock. The event's time is a
        // header.
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                CloudEvent.topic(stored.type()), envelope.subject().getBytes(StandardCharsets.UTF_8), stored.data());
        envelope.headers(record.headers()::add);
        return record;
    }
}
