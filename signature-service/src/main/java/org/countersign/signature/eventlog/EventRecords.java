package org.countersign.signature.eventlog;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.countersign.events.CloudEvent;
import org.countersign.events.RecordMac;
import org.countersign.events.Topics;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Converts stored events to records of Kafka. */
@Component
public final class EventRecords {

    private final RecordMac mac;

    EventRecords(RecordMac mac) {
        this.mac = mac;
    }

    /** Converts an event. An event that is not authentic becomes a marker in its place. */
    public ProducerRecord<byte[], byte[]> of(StoredEvent stored) {
        ProducerRecord<byte[], byte[]> record = stored.authentic() ? event(stored) : marker(stored);
        record.headers().add(RecordMac.HEADER, mac.of(name -> value(record, name), record.value()));
        return record;
    }

    private static ProducerRecord<byte[], byte[]> event(StoredEvent stored) {
        CloudEvent.Envelope envelope = stored.envelope();
        // Kafka sets the record's timestamp, because it rejects times ahead of its clock. The event's time is a
        // header.
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                CloudEvent.topic(stored.type()), envelope.subject().getBytes(StandardCharsets.UTF_8), stored.data());
        envelope.headers(record.headers()::add);
        return record;
    }

    private static ProducerRecord<byte[], byte[]> marker(StoredEvent stored) {
        String subject = stored.stream().toString();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.SIGNATURE_EVENTS, subject.getBytes(StandardCharsets.UTF_8), null);
        CloudEvent.markerHeaders(stored.index(), stored.id(), subject, stored.at(), record.headers()::add);
        return record;
    }

    private static byte @Nullable [] value(ProducerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }
}
