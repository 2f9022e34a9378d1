package org.countersign.signature.application;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSigned;
import org.countersign.signature.domain.signature.SignatureCommand.ExpireSignature;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.LeaderElectedTask;
import org.countersign.signature.eventlog.LogAge;
import org.countersign.signature.eventlog.ReaderPositions;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.support.lock.AdvisoryLock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Expires rounds that were not confirmed in time. It reads the log at the distance of a token's lifetime. Signing
 * therefore needs no table of pending signatures and no timers. {@link LogAge} measures the distance, so that no wrong
 * clock expires a signature early or stops the expiry.
 */
@Component
class Expiry extends LeaderElectedTask {

    private static final String READER = "expiry";
    private static final long LOCK = 0x636f_756e_7465_7204L;
    private static final int PAGE_SIZE = 1000;
    /** After an event of these types no round is pending. */
    private static final Collection<EventType> SETTLED =
            Set.of(EventType.SIGNATURE_VERIFIED, EventType.SIGNATURE_WITHDRAWN, EventType.SIGNING_REPEATED);

    private final EventLog log;
    private final ReaderPositions positions;
    private final LogAge age;
    private final CommandDispatcher commands;
    private final Signing.TokenLifetimes lifetimes;
    private final Duration retention;
    private final Duration interval;
    private final Clock clock;

    Expiry(
            DataSource dataSource,
            EventLog log,
            ReaderPositions positions,
            LogAge age,
            CommandDispatcher commands,
            Signing.TokenLifetimes lifetimes,
            @Value("${countersign.erasure.after-closing}") Duration retention,
            @Value("${countersign.expiry.every}") Duration interval,
            Clock clock) {
        super("expiry", dataSource, LOCK);
        this.log = log;
        this.positions = positions;
        this.age = age;
        this.commands = commands;
        this.lifetimes = lifetimes;
        this.retention = retention;
        this.interval = interval;
        this.clock = clock;
    }

    @Override
    protected void lead(AdvisoryLock lock) throws SQLException, InterruptedException {
        long last = System.nanoTime();
        while (isRunning()) {
            long now = System.nanoTime();
            age.observe(Duration.ofNanos(now - last), lifetimes.verification(), retention);
            last = now;
            if (log.isOpen()) {
                expire(age.lastOlderThan(lifetimes.verification()));
            }
            lock.check();
            pause(interval);
        }
    }

    private void expire(long lastDue) {
        for (long position = positions.of(READER); position < lastDue && isRunning(); ) {
            List<StoredEvent> page = log.after(position, (int) Math.min(PAGE_SIZE, lastDue - position));
            if (page.isEmpty()) {
                return;
            }
            expire(page);
            position = page.get(page.size() - 1).index();
            positions.advance(READER, position);
        }
    }

    private void expire(List<StoredEvent> due) {
        List<StoredEvent> signed = due.stream()
                .filter(event -> event.authentic() && event.type() == EventType.PETITION_SIGNED)
                .toList();
        List<UUID> streams = signed.stream().map(StoredEvent::stream).toList();
        Set<UUID> settled = new HashSet<>(log.endingWith(SETTLED, streams));
        signed.stream()
                .filter(event -> !settled.contains(event.stream()))
                .map(event -> (PetitionSigned) event.recorded().event())
                .forEach(
                        event -> commands.send(new ExpireSignature(event.signature(), clock.instant(), event.round())));
    }
}
