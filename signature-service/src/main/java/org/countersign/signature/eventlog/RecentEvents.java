package org.countersign.signature.eventlog;

import java.util.ArrayList;
import java.util.List;

/**
 * The newest events that this instance appended, in memory, for readers near the head of the log. The events have no
 * gap: when another instance has appended in between, the older events are dropped.
 */
final class RecentEvents {

    private final StoredEvent[] ring;
    private long first = 1;
    private long next = 1;

    /** @param capacity the maximum number of events */
    RecentEvents(int capacity) {
        ring = new StoredEvent[capacity];
    }

    synchronized void add(List<StoredEvent> events) {
        for (StoredEvent event : events) {
            if (event.index() != next) {
                first = event.index();
            }
            ring[(int) (event.index() % ring.length)] = event;
            next = event.index() + 1;
            first = Math.max(first, next - ring.length);
        }
    }

    synchronized void forget() {
        first = 1;
        next = 1;
    }

    /** Returns up to {@code limit} events after the index, or none if the next event is not held. */
    synchronized List<StoredEvent> after(long index, int limit) {
        if (index + 1 < first || index + 1 >= next) {
            return List.of();
        }
        long end = Math.min(next, index + 1 + limit);
        List<StoredEvent> events = new ArrayList<>((int) (end - index - 1));
        for (long position = index + 1; position < end; position++) {
            events.add(ring[(int) (position % ring.length)]);
        }
        return events;
    }
}
