package org.countersign.counting;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.countersign.events.CloudEvent;
import org.countersign.events.Event;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionSlug;
import org.countersign.events.RecordedEvent;
import org.countersign.events.SignatureEvent;
import org.countersign.events.UnreadableEventException;

/**
 * What a counter has to know of an event. A counter reads every event there is: of the data it makes nothing but this,
 * which takes a fraction of what the whole event takes.
 *
 * @param index the global index, 0 for events that come from no log
 * @param transition where the signature stood and stands; empty for events of petitions
 * @param published the whole event, if it is that a petition was published
 */
public record CountedEvent(
        long index,
        EventType type,
        PetitionSlug petition,
        Instant at,
        Optional<StatusTransition> transition,
        Optional<PetitionPublished> published) {

    /** What a counter has to know of an event that is there as a whole. */
    public static CountedEvent of(RecordedEvent recorded) {
        Event event = recorded.event();
        return new CountedEvent(
                recorded.index(),
                recorded.type(),
                event.petition(),
                event.at(),
                event instanceof SignatureEvent signature
                        ? Optional.of(new StatusTransition(signature.was(), signature.becomes(), signature.country()))
                        : Optional.empty(),
                event instanceof PetitionPublished published ? Optional.of(published) : Optional.empty());
    }

    /**
     * Reads an event's data.
     *
     * @param index the global index
     * @param petition the petition from the envelope
     * @param at the time from the envelope
     * @param data the JSON object in UTF-8
     * @throws UnreadableEventException if the data is not what it must be
     */
    public static CountedEvent read(long index, EventType type, PetitionSlug petition, Instant at, byte[] data) {
        if (data == null) {
            throw new UnreadableEventException(type.text() + " without data");
        }
        if (SignatureEvent.class.isAssignableFrom(type.eventClass())) {
            return new CountedEvent(
                    index, type, petition, at, Optional.of(TransitionJson.read(type, data)), Optional.empty());
        }
        Event event = EventJson.read(type, petition, Optional.empty(), at, data);
        return new CountedEvent(
                index,
                type,
                petition,
                at,
                Optional.empty(),
                event instanceof PetitionPublished published ? Optional.of(published) : Optional.empty());
    }

    /**
     * Reads a record, as {@link CloudEvent#read} does.
     *
     * @param header gives a header's value by its name, null where there is none
     * @param data the record's value
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
