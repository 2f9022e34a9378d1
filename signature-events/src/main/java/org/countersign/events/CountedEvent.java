package org.countersign.events;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a counter has to know of an event. A counter reads every event there is: of the data it makes nothing but this, which takes a
 * fraction of what the whole event takes.
 *
 * @param index     the global index, 0 for events that come from no log
 * @param move      where the signature stood and stands; empty for events of petitions
 * @param published the whole event, if it is that a petition was published
 */
public record CountedEvent(long index, EventType type, PetitionSlug petition, Instant at, Optional<Move> move,
                           Optional<PetitionPublished> published) {

    /**
     * Where a signature stood and stands.
     *
     * @param country the country the signer gave
     */
    public record Move(SignatureStatus was, SignatureStatus becomes, CountryCode country) {

        /** What it adds to the verified count: 1, 0 or -1. */
        public int verifiedDelta() {
            return (becomes == SignatureStatus.VERIFIED ? 1 : 0) - (was == SignatureStatus.VERIFIED ? 1 : 0);
        }
    }

    /** What a counter has to know of an event that is there as a whole. */
    public static CountedEvent of(RecordedEvent recorded) {
        Event event = recorded.event();
        return new CountedEvent(recorded.index(), recorded.type(), event.petition(), event.at(),
                event instanceof SignatureEvent signature
                        ? Optional.of(new Move(signature.was(), signature.becomes(), signature.country())) : Optional.empty(),
                event instanceof PetitionPublished published ? Optional.of(published) : Optional.empty());
    }

    /**
     * Reads an event's data.
     *
     * @param index    the global index
     * @param petition the petition from the envelope
     * @param at       the time from the envelope
     * @param data     the JSON object in UTF-8
     * @throws UnreadableEventException if the data is not what it must be
     */
    public static CountedEvent read(long index, EventType type, PetitionSlug petition, Instant at, byte[] data) {
        if (data == null) {
            throw new UnreadableEventException(type.text() + " without data");
        }
        if (SignatureEvent.class.isAssignableFrom(type.eventClass())) {
            return new CountedEvent(index, type, petition, at, Optional.of(EventJson.move(type, data)), Optional.empty());
        }
        Event event = EventJson.read(type, petition, Optional.empty(), at, data);
        return new CountedEvent(index, type, petition, at, Optional.empty(),
                event instanceof PetitionPublished published ? Optional.of(published) : Optional.empty());
    }

    /**
     * Reads a record, as {@link CloudEvent#read} does.
     *
     * @param header gives a header's value by its name, null where there is none
     * @param data   the record's value
     * @throws UnreadableEventException if it is no event of this contract
     */
    public static CountedEvent read(Function<String, byte[]> header, byte[] data) {
        EventType type = CloudEvent.type(header);
        try {
            return read(CloudEvent.index(header), type, CloudEvent.petition(header), CloudEvent.time(header), data);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UnreadableEventException(type.text() + ": an attribute is out of range", e);
        }
    }
}
