package org.countersign.signature.eventlog;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.countersign.counting.CountedEvent;
import org.countersign.events.CloudEvent;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSlug;
import org.countersign.events.RecordedEvent;
import org.countersign.events.SignatureId;

/**
 * An event as the log holds it, its data still JSON.
 *
 * @param index the global index, from 1
 * @param stream the stream it belongs to
 * @param sequence its place in the stream, from 0
 */
public record StoredEvent(
        long index,
        UUID stream,
        int sequence,
        PetitionSlug petition,
        EventType type,
        Instant at,
        Optional<UUID> trace,
        byte[] data) {

    /** Unique among all events: the stream and the place in it. */
    public String id() {
        return stream + ":" + sequence;
    }

    /** The signature it happened to, if it happened to one. */
    public Optional<SignatureId> signature() {
        return type.code() < EventType.FIRST_SIGNATURE_CODE ? Optional.empty() : Optional.of(new SignatureId(stream));
    }

    /** The event with its data read. */
    public RecordedEvent recorded() {
        return new RecordedEvent(index, id(), traceId(), EventJson.read(type, petition, signature(), at, data));
    }

    /** What a counter has to know of it. */
    public CountedEvent counted() {
        return CountedEvent.read(index, type, petition, at, data);
    }

    /** What stands around the data, the data itself not read. */
    public CloudEvent.Envelope envelope() {
        return new CloudEvent.Envelope(
                index,
                id(),
                type,
                at,
                petition.value(),
                signature().map(SignatureId::toString).orElse(petition.value()),
                traceId());
    }

    private Optional<String> traceId() {
        HexFormat hex = HexFormat.of();
        return trace.map(
                id -> hex.toHexDigits(id.getMostSignificantBits()) + hex.toHexDigits(id.getLeastSignificantBits()));
    }

    /** The data as text. */
    public String json() {
        return new String(data, StandardCharsets.UTF_8);
    }
}
