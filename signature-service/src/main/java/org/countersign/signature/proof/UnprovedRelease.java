package org.countersign.signature.proof;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.countersign.signature.domain.signature.HeldByRule;
import org.countersign.signature.eventlog.HeldSignings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The slower way of signers without scripts: releases their calls after a delay. Until then the detector has seen more
 * of the attack, and a call that looks like it stays held.
 */
@Component
public class UnprovedRelease {

    private static final Logger LOG = LoggerFactory.getLogger(UnprovedRelease.class);
    /** An instance with a clock that is ahead must not forget what others still accept. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofHours(1);

    private final HeldSignings held;
    private final ProofStore store;
    private final Duration delay;
    private final Clock clock;

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException if the delay is negative or longer than a day
     */
    UnprovedRelease(
            HeldSignings held, ProofStore store, @Value("${countersign.proof.delay}") Duration delay, Clock clock) {
        if (delay.isNegative() || delay.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("COUNTERSIGN_PROOF_DELAY must be from 0s to 1d, such as 5m");
        }
        this.held = held;
        this.store = store;
        this.delay = delay;
        this.clock = clock;
    }

    /** Returns the delay in minutes, as pages show it. */
    public long delayMinutes() {
        return Math.max(1, delay().plusSeconds(30).toMinutes());
    }

    /** Returns how long a call without proof of work is held. */
    public Duration delay() {
        return delay;
    }

    /** Releases the calls whose delay is over, and forgets the challenges that have expired. */
    @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
    void release() {
        try {
            held.settle(HeldByRule.PROOF_OF_WORK, delay);
            store.forgetExpired(clock.instant().minus(CLOCK_DIFFERENCE));
        } catch (DataAccessException e) {
            LOG.warn("Cannot release the calls without proof of work; retrying on schedule: {}", e.getMessage());
        }
    }
}
