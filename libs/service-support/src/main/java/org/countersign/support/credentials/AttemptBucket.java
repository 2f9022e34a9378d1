package org.countersign.support.credentials;

import java.time.Duration;

/** A number of attempts that refills at a constant rate. */
final class AttemptBucket {

    private final int capacity;
    private final double nanosPerAttempt;
    private double left;
    private long updatedAt;

    /**
     * Creates a full bucket.
     *
     * @param capacity the maximum number of attempts
     * @param refill the time after which one more attempt is allowed
     * @param now the current time in nanoseconds
     */
    AttemptBucket(int capacity, Duration refill, long now) {
        this.capacity = capacity;
        this.nanosPerAttempt = refill.toNanos();
        this.left = capacity;
        this.updatedAt = now;
    }

    /** Returns the time until an attempt is allowed, or zero. */
    synchronized Duration untilAllowed(long now) {
        left = Math.min(capacity, left + (now - updatedAt) / nanosPerAttempt);
        updatedAt = now;
        return left >= 1 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil((1 - left) * nanosPerAttempt));
    }

    /** Uses up an attempt if one is allowed. Returns the time until one is allowed, or zero. */
    synchronized Duration take(long now) {
        Duration wait = untilAllowed(now);
        if (wait.isZero()) {
            left--;
        }
        return wait;
    }

    /** Returns an attempt that was no failure. */
    synchronized void giveBack() {
        left = Math.min(capacity, left + 1);
    }
}
