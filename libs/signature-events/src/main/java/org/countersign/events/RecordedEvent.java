package org.countersign.events;

import java.util.Optional;

/**
 * An event at its place in the log.
 *
 * @param index the global index: 1 for the first event of all, without gaps; 0 for events that come from no log
 * @param id unique among all events, and the same wherever the event is met
 * @param trace the W3C trace id (32 hexadecimal digits) of the request that caused it, if known
 * @param event what happened
 */
public record RecordedEvent(long index, String id, Optional<String> trace, Event event) {

    /** The kind of event. */
    public EventType type() {
        return EventType.of(event);
    }
}
