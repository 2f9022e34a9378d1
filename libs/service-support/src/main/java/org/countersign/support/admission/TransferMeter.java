package org.countersign.support.admission;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Measures how fast a client sends a body or reads an answer. Only the time for which the server waits for the client
 * counts.
 */
public final class TransferMeter {

    /** The minimum rate after the grace period. A phone on a 2G network is faster. */
    static final int MIN_BYTES_PER_SECOND = 500;

    /** The time that a client may take whatever its rate is. */
    static final Duration GRACE = Duration.ofSeconds(5);

    private long bytes;
    private long waited;
    private long waitingSince;
    private boolean waiting;

    /** Begins a new transfer. */
    public void reset() {
        bytes = 0;
        waited = 0;
        waiting = false;
    }

    /** Notes that the server begins to wait for the client. */
    public void waitFrom(long now) {
        if (!waiting) {
            waiting = true;
            waitingSince = now;
        }
    }

    /** Notes that the client sent or took some bytes. */
    public void moved(long count, long now) {
        bytes += count;
        if (waiting) {
            waited += now - waitingSince;
            waiting = false;
        }
    }

    /** Returns whether the server waits for the client. */
    public boolean isWaiting() {
        return waiting;
    }

    /** Returns whether the client is slower than the minimum rate. */
    public boolean isTooSlow(long now) {
        long nanos = waited + (waiting ? now - waitingSince : 0) - GRACE.toNanos();
        return nanos > 0 && bytes < TimeUnit.NANOSECONDS.toMillis(nanos) * MIN_BYTES_PER_SECOND / 1000;
    }
}
