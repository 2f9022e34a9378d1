package org.countersign.signature.publiclog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.counting.CountedEvent;
import org.countersign.counting.StatusTransition;
import org.countersign.events.EventType;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureStatus;
import org.countersign.events.UnreadableEventException;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StoredEvent;

/** The events of signatures before their entries: what an entry says about the past of its signature. */
final class EarlierEvents {

    private final Map<UUID, List<StoredEvent>> streams;

    private EarlierEvents(Map<UUID, List<StoredEvent>> streams) {
        this.streams = streams;
    }

    /** Reads the signatures of those events that make a signature count. The others need nothing of the past. */
    static EarlierEvents read(EventLog log, Collection<StoredEvent> events) {
        List<UUID> signatures = events.stream()
                .filter(StoredEvent::authentic)
                .filter(event ->
                        event.type() == EventType.SIGNATURE_VERIFIED || event.type() == EventType.SIGNATURE_REINSTATED)
                .map(StoredEvent::stream)
                .distinct()
                .toList();
        return new EarlierEvents(
                signatures.isEmpty()
                        ? Map.of()
                        : log.streams(signatures).stream().collect(Collectors.groupingBy(StoredEvent::stream)));
    }

    /** Parses what counting needs, or returns empty if the event is unreadable or has no valid MAC. */
    static Optional<CountedEvent> counted(StoredEvent event) {
        if (!event.authentic()) {
            return Optional.empty();
        }
        try {
            return Optional.of(event.counted());
        } catch (UnreadableEventException e) {
            return Optional.empty();
        }
    }

    /** Returns the status that the last public event before this one gave to the signature, at first none. */
    SignatureStatus publicStatusBefore(StoredEvent event, StatusTransition transition) {
        if (transition.was() == SignatureStatus.VERIFIED) {
            return SignatureStatus.VERIFIED;
        }
        return before(event).stream()
                .map(EarlierEvents::counted)
                .flatMap(Optional::stream)
                .filter(CountedEvent::isPublic)
                .flatMap(counted -> counted.transition().stream())
                .map(StatusTransition::becomes)
                .reduce(SignatureStatus.NONE, (earlier, later) -> later);
    }

    /** Returns the signing that was confirmed last, this event included. */
    Optional<StoredEvent> confirmedSigning(StoredEvent event) {
        List<StoredEvent> earlier = before(event);
        Optional<StoredEvent> confirmation = event.type() == EventType.SIGNATURE_VERIFIED
                ? Optional.of(event)
                : earlier.stream()
                        .filter(one -> one.type() == EventType.SIGNATURE_VERIFIED)
                        .reduce((one, later) -> later);
        return confirmation.flatMap(verified -> earlier.stream()
                .filter(one -> one.type() == EventType.PETITION_SIGNED)
                .filter(one -> round(one).isPresent() && round(one).equals(round(verified)))
                .reduce((one, later) -> later));
    }

    private static OptionalInt round(StoredEvent event) {
        try {
            return OptionalInt.of(((SignatureEvent) event.recorded().event()).round());
        } catch (UnreadableEventException e) {
            return OptionalInt.empty();
        }
    }

    private List<StoredEvent> before(StoredEvent event) {
        return streams.getOrDefault(event.stream(), List.of()).stream()
                .filter(one -> one.authentic() && one.sequence() < event.sequence())
                .toList();
    }
}
