package org.countersign.signature.publiclog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.countersign.counting.CountedEvent;
import org.countersign.counting.StatusTransition;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StoredEvent;
import org.springframework.stereotype.Component;

/** Finds what entries are encoded from, in few queries for many entries. */
@Component
class LeafSources {

    private final EventLog log;
    private final TreeStore store;

    LeafSources(EventLog log, TreeStore store) {
        this.log = log;
        this.store = store;
    }

    /**
     * Returns the sources of stored entries.
     *
     * @param first the position of the first entry
     * @param entries adjacent entries
     */
    List<LeafSource> read(long first, List<EntryRef> entries) {
        Map<Long, StoredEvent> events =
                log.at(entries.stream().map(EntryRef::event).collect(Collectors.toSet())).stream()
                        .collect(Collectors.toMap(StoredEvent::index, event -> event));
        Set<String> petitions = events.values().stream()
                .filter(StoredEvent::authentic)
                .map(event -> event.petition().value())
                .collect(Collectors.toSet());
        return of(first, entries, events, store.texts(petitions)::get);
    }

    /**
     * Returns the sources of entries whose events are at hand.
     *
     * @param first the position of the first entry
     * @param entries adjacent entries
     * @param events their events by index
     * @param texts returns the fingerprint of a petition's text
     * @throws IllegalStateException if an event is missing
     */
    List<LeafSource> of(
            long first, List<EntryRef> entries, Map<Long, StoredEvent> events, Function<String, String> texts) {
        EarlierEvents earlier = EarlierEvents.read(log, events.values());
        List<LeafSource> sources = new ArrayList<>(entries.size());
        for (EntryRef entry : entries) {
            StoredEvent event = events.get(entry.event());
            if (event == null) {
                throw new IllegalStateException("The event log lacks event " + entry.event());
            }
            sources.add(source(first + sources.size(), entry, event, texts, earlier));
        }
        return sources;
    }

    private static LeafSource source(
            long position, EntryRef entry, StoredEvent event, Function<String, String> texts, EarlierEvents earlier) {
        Optional<StatusTransition> transition = EarlierEvents.counted(event).flatMap(CountedEvent::transition);
        boolean counts = transition
                .filter(move -> move.becomes() == SignatureStatus.VERIFIED)
                .isPresent();
        return new LeafSource(
                position,
                entry,
                event,
                event.authentic() ? texts.apply(event.petition().value()) : "",
                transition,
                transition.map(move -> earlier.publicStatusBefore(event, move)).orElse(SignatureStatus.NONE),
                counts ? earlier.confirmedSigning(event) : Optional.empty());
    }
}
