package org.countersign.signature.application;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSigned;
import org.countersign.signature.domain.signature.SignatureCommand.ExpireSignature;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.ReaderPositions;
import org.countersign.signature.eventlog.StoredEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Expires signatures that were not confirmed in time. It reads the log at the distance of a token's lifetime. Signing
 * therefore needs no table of pending signatures and no timers.
 */
@Component
class Expiry {

    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
    private static final String READER = "expiry";
    private static final int PAGE_SIZE = 1000;
    /** After an event of these types a signature may be pending. After all others it is not. */
    private static final List<EventType> MAYBE_PENDING =
            List.of(EventType.PETITION_SIGNED, EventType.SIGNING_REPEATED, EventType.UPDATES_STOPPED);

    private final EventLog log;
    private final ReaderPositions positions;
    private final CommandDispatcher commands;
    private final Signing.TokenLifetimes lifetimes;
    private final Clock clock;

    Expiry(
            EventLog log,
            ReaderPositions positions,
            CommandDispatcher commands,
            Signing.TokenLifetimes lifetimes,
            Clock clock) {
        this.log = log;
        this.positions = positions;
        this.commands = commands;
        this.lifetimes = lifetimes;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "${countersign.expiry.every}")
    void run() {
        if (!log.isOpen()) {
            return;
        }
        try {
            while (expireNextPage()) {
                // Stop at the first event that is younger than the lifetime of a token.
            }
        } catch (RuntimeException e) {
            LOG.warn("Cannot expire signatures; retrying on schedule: {}", e.getMessage());
        }
    }

    private boolean expireNextPage() {
        Instant now = clock.instant();
        Instant lastDue = now.minus(lifetimes.verification());
        List<StoredEvent> due = new ArrayList<>();
        for (StoredEvent event : log.after(positions.of(READER), PAGE_SIZE)) {
            if (event.at().isAfter(lastDue)) {
                break;
            }
            due.add(event);
        }
        if (due.isEmpty()) {
            return false;
        }
        List<StoredEvent> signed = due.stream()
                .filter(event -> event.type() == EventType.PETITION_SIGNED)
                .toList();
        Set<UUID> pending = new HashSet<>(log.endingWith(
                MAYBE_PENDING, signed.stream().map(StoredEvent::stream).toList()));
        signed.stream()
                .filter(event -> pending.contains(event.stream()))
                .map(event -> (PetitionSigned) event.recorded().event())
                .forEach(event -> commands.send(new ExpireSignature(event.signature(), now, event.round())));
        positions.advance(READER, due.get(due.size() - 1).index());
        return due.size() == PAGE_SIZE;
    }
}
