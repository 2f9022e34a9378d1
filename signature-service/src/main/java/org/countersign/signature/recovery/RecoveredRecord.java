package org.countersign.signature.recovery;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.countersign.events.CloudEvent;
import org.countersign.events.UnreadableEventException;
import org.countersign.signature.eventlog.StoredEvent;
import org.jspecify.annotations.Nullable;

/** Reads from a record what the event log had stored. */
final class RecoveredRecord {

    private static final int TRACE_BEGIN = 3;
    private static final int HALF_TRACE = 16;

    private RecoveredRecord() {}

    /**
     * Reads a record whose MAC is valid.
     *
     * @throws UnreadableEventException if it is not an event of the log
     */
    static StoredEvent read(ConsumerRecord<byte[], byte[]> record) {
        Function<String, byte @Nullable []> headers = name -> {
            Header header = record.headers().lastHeader(name);
            return header == null ? null : header.value();
        };
        try {
            String[] id = text(headers, "ce_id").orElse("").split(":", 2);
            if (id.length != 2 || record.value() == null != CloudEvent.isMarker(headers)) {
                throw new UnreadableEventException("it is not an event of the log");
            }
            UUID stream = UUID.fromString(id[0]);
            int sequence = Integer.parseInt(id[1]);
            if (CloudEvent.isMarker(headers)) {
                return StoredEvent.unauthentic(CloudEvent.index(headers), stream, sequence, CloudEvent.time(headers));
            }
            return new StoredEvent(
                    CloudEvent.index(headers),
                    stream,
                    sequence,
                    CloudEvent.petition(headers),
                    CloudEvent.type(headers),
                    CloudEvent.time(headers),
                    text(headers, "ce_traceparent").map(RecoveredRecord::trace),
                    record.value());
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
            throw new UnreadableEventException("an attribute is out of range", e);
        }
    }

    private static Optional<String> text(Function<String, byte @Nullable []> headers, String name) {
        return Optional.ofNullable(headers.apply(name)).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    private static UUID trace(String parent) {
        int middle = TRACE_BEGIN + HALF_TRACE;
        return new UUID(
                Long.parseUnsignedLong(parent.substring(TRACE_BEGIN, middle), 16),
                Long.parseUnsignedLong(parent.substring(middle, middle + HALF_TRACE), 16));
    }
}
