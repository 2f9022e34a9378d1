package org.countersign.support.warmup;

import java.time.Duration;

/** The time that is left for a rehearsal. */
public final class RehearsalTime {

    private final long start = System.nanoTime();
    private final Duration limit;

    private RehearsalTime(Duration limit) {
        this.limit = limit;
    }

    /** Starts the time. */
    public static RehearsalTime of(Duration limit) {
        return new RehearsalTime(limit);
    }

    /** Tells whether the rehearsal has to end now. */
    public boolean isOver() {
        return System.nanoTime() - start >= limit.toNanos()
                || Thread.currentThread().isInterrupted();
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
