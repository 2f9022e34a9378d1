package org.countersign.support.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits the number of concurrent hash computations. A network from which a user has logged in before has a place of
 * its own, so that guessing from other networks cannot keep that user out.
 */
final class HashBudget {

    /** The time after which a client may try again when all places were taken. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private static final long TIMEOUT_MILLIS = 1000;
    /** A waiting request occupies a place of admission control. */
    private static final int MAX_WAITING = 8;

    private static final Duration REMEMBER = Duration.ofDays(7);
    private static final int MAX_KNOWN = 10_000;

    private final Semaphore strangers =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);
    private final Semaphore acquaintances = new Semaphore(1, true);
    private final Cache<String, Boolean> known = Caffeine.newBuilder()
            .maximumSize(MAX_KNOWN)
            .expireAfterWrite(REMEMBER)
            .build();

    /** Waits briefly for a place. The caller releases the semaphore. Empty if there is no place. */
    Optional<Semaphore> acquire(String pair) {
        Semaphore places = known.getIfPresent(pair) == null ? strangers : acquaintances;
        try {
            return places.getQueueLength() < MAX_WAITING && places.tryAcquire(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    ? Optional.of(places)
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Remembers that this user has logged in from this network. */
    void remember(String pair) {
        known.put(pair, true);
    }
}
