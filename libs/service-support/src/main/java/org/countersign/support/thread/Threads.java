package org.countersign.support.thread;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Ends the threads that a service has started. */
public final class Threads {

    private Threads() {}

    /**
     * Interrupts a thread and waits for its end.
     *
     * @param thread the thread, null if it was not started
     * @param timeout the longest time to wait; an interrupt of the caller ends the wait, too
     */
    public static void stop(@Nullable Thread thread, Duration timeout) {
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            thread.join(timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
