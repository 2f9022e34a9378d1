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
import org.jspecify.annotations.Nullable;

/**
 * The part of an event that counting needs. A counter reads every event, and parsing this part takes a fraction of the
 * whole.
 *
 * @param index the global index, 0 for events outside the log
 * @param type the type
 * @param petition the petition
 * @param at the time
 * @param transition the status transition of a signature event
 * @param published the whole event, if it publishes a petition
 */
public record CountedEvent(
        long index,
        EventType type,
        PetitionSlug petition,
        Instant at,
        Optional<StatusTransition> transition,
        Optional<PetitionPublished> published) {

    /** Returns the part that counting needs. */
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
     * Parses the data of an event.
     *
     * @param index the global index
     * @param type the type from the envelope
     * @param petition the petition from the envelope
     * @param at the time from the envelope
     * @param data the JSON object in UTF-8
     * @throws UnreadableEventException if the data is invalid
     */
    public static CountedEvent read(
            long index, EventType type, PetitionSlug petition, Instant at, byte @Nullable [] data) {
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
     * Parses a record like {@link CloudEvent#read}.
     *
     * @param header returns the value of a header by name, or null
     * @param data the record's value
     * @throws UnreadableEventException if it is not an event of this contract
     */
    public static CountedEvent read(Function<String, byte @Nullable []> header, byte @Nullable [] data) {
        EventType type = CloudEvent.type(header);
        try {
            return read(CloudEvent.index(header), type, CloudEvent.petition(header), CloudEvent.time(header), data);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UnreadableEventException(type.text() + ": an attribute is out of range", e);
        }
    }

    /**
     * Tells whether the event changes what is public: the petition itself, its privacy notice, its cases, or its
     * verified count. All other events stay in the event store, because they would tell whether an address has signed.
     */
    public boolean isPublic() {
        return switch (type) {
            case PETITION_PUBLISHED,
                    PETITION_CLOSED,
                    PETITION_REOPENED,
                    INVALIDATION_CASE_OPENED,
                    PRIVACY_NOTICE_CHANGED -> true;
            default -> transition.filter(move -> move.verifiedDelta() != 0).isPresent();
        };
    }
}
