package org.countersign.events;

import java.util.Optional;

/**
 * An event and its place in the log.
 *
 * @param index the global index, from 1 and without gaps; 0 for events outside the log
 * @param id unique among all events, and the same everywhere
 * @param trace the W3C trace id (32 hexadecimal digits) of the request that caused it
 * @param event the event
 */
public record RecordedEvent(long index, String id, Optional<String> trace, Event event) {

    /** Returns the type of the event. */
    public EventType type() {
        return EventType.of(event);
    }
}
