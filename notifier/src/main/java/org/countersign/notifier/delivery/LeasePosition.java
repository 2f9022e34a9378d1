package org.countersign.notifier.delivery;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The number of the last delivery that this instance has leased. A search from there is cheap. A search from the start
 * passes all index entries of deliveries that were sent since the last vacuum. It finds what is due again, and what
 * other transactions have planned with lower numbers. It also moves the position back after the database was replaced
 * by one with lower numbers, such as a restored backup.
 */
final class LeasePosition {

    static final Duration SEARCH_FROM_START_INTERVAL = Duration.ofSeconds(1);
    private static final long START = 0;

    private final boolean ordered;
    private final LongSupplier nanoTime;
    private long last = START;
    private long nextSearchFromStart;

    /**
     * @param ordered whether every search is from the start, because deliveries wait for earlier ones
     * @param nanoTime the monotonic clock, in nanoseconds
     */
    LeasePosition(boolean ordered, LongSupplier nanoTime) {
        this.ordered = ordered;
        this.nanoTime = nanoTime;
        this.nextSearchFromStart = nanoTime.getAsLong();
    }

    /** Returns the number after which to search. */
    synchronized long searchAfter() {
        long now = nanoTime.getAsLong();
        if (ordered || now - nextSearchFromStart >= 0) {
            nextSearchFromStart = now + SEARCH_FROM_START_INTERVAL.toNanos();
            return START;
        }
        return last;
    }

    /**
     * Records a search that found something.
     *
     * @param after the number after which it searched
     * @param number the highest number that it leased
     */
    synchronized void leased(long after, long number) {
        last = after == START ? number : Math.max(last, number);
    }
}
