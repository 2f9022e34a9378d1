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
 * An event of the log whose data is still JSON. An event without a valid MAC is not authentic: it was not recorded by
 * this installation. It has a place in the log and nothing else. Reading its content throws an exception.
 *
 * @param index the global index, from 1
 * @param stream its stream
 * @param sequence its place in the stream, from 0
 * @param petition its petition
 * @param type its type
 * @param at its time
 * @param trace the trace of the request that caused it
 * @param data its JSON in UTF-8
 * @param authentic whether its MAC is valid
 */
public record StoredEvent(
        long index,
        UUID stream,
        int sequence,
        PetitionSlug petition,
        EventType type,
        Instant at,
        Optional<UUID> trace,
        byte[] data,
        boolean authentic) {

    private static final PetitionSlug NO_PETITION = new PetitionSlug("none");

    /** Makes an authentic event. */
    public StoredEvent(
            long index,
            UUID stream,
            int sequence,
            PetitionSlug petition,
            EventType type,
            Instant at,
            Optional<UUID> trace,
            byte[] data) {
        this(index, stream, sequence, petition, type, at, trace, data, true);
    }

    /** Makes an event that is not authentic, with the place and time that it claims. */
    public static StoredEvent unauthentic(long index, UUID stream, int sequence, Instant at) {
        return new StoredEvent(
                index,
                stream,
                sequence,
                NO_PETITION,
                EventType.PETITION_CLOSED,
                at,
                Optional.empty(),
                new byte[0],
                false);
    }

    @Override
    public PetitionSlug petition() {
        requireAuthentic();
        return petition;
    }

    @Override
    public EventType type() {
        requireAuthentic();
        return type;
    }

    @Override
    public byte[] data() {
        requireAuthentic();
        return data;
    }

    private void requireAuthentic() {
        if (!authentic) {
            throw new IllegalStateException("Event " + index + " of the event store has no valid MAC");
        }
    }

    /** Returns the id, unique among all events: stream and sequence. */
    public String id() {
        return stream + ":" + sequence;
    }

    /** Returns the signature of a signature event. */
    public Optional<SignatureId> signature() {
        return type().code() < EventType.FIRST_SIGNATURE_CODE ? Optional.empty() : Optional.of(new SignatureId(stream));
    }

    /** Parses the data. */
    public RecordedEvent recorded() {
        return new RecordedEvent(index, id(), traceId(), EventJson.read(type(), petition(), signature(), at, data()));
    }

    /** Parses only what counting needs. */
    public CountedEvent counted() {
        return CountedEvent.read(index, type(), petition(), at, data());
    }

    /** Returns the envelope without parsing the data. */
    public CloudEvent.Envelope envelope() {
        return new CloudEvent.Envelope(
                index,
                id(),
                type(),
                at,
                petition().value(),
                signature().map(SignatureId::toString).orElse(petition.value()),
                traceId());
    }

    private Optional<String> traceId() {
        HexFormat hex = HexFormat.of();
        return trace.map(
                id -> hex.toHexDigits(id.getMostSignificantBits()) + hex.toHexDigits(id.getLeastSignificantBits()));
    }

    /** Returns the data as text. */
    public String json() {
        return new String(data(), StandardCharsets.UTF_8);
    }
}
