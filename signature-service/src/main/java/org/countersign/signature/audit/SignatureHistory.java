package org.countersign.signature.audit;

import java.util.List;
import org.countersign.events.SignatureId;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StoredEvent;
import org.springframework.stereotype.Component;

/** Reads the events of a signature. */
@Component
public class SignatureHistory {

    private final EventLog log;

    SignatureHistory(EventLog log) {
        this.log = log;
    }

    /**
     * Returns the events of a signature in order, at least one.
     *
     * @param id the signature's id as the caller gave it
     * @throws Rejection if there is no such signature
     */
    public List<StoredEvent> of(String id) {
        List<StoredEvent> events;
        try {
            events = log.stream(SignatureId.parse(id).value(), 0).stream()
                    .filter(event -> event.signature().isPresent())
                    .toList();
        } catch (IllegalArgumentException e) {
            events = List.of();
        }
        if (events.isEmpty()) {
            throw new Rejection(Rejection.Reason.NO_SIGNATURE);
        }
        return events;
    }
}
