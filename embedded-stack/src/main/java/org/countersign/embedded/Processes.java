package org.countersign.embedded;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Stops processes that this program has started. */
public final class Processes {

    private Processes() {
    }

    /**
     * Asks each to stop at once, waits for all, and kills those still there when patience ends.
     *
     * @param patience how long to wait for all of them together
     */
    public static void stop(List<Process> processes, Duration patience) {
        processes.forEach(Process::destroy);
        long deadline = System.nanoTime() + patience.toNanos();
        boolean interrupted = false;
        for (Process process : processes) {
            try {
                if (interrupted || !process.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                interrupted = true;
                process.destroyForcibly();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
