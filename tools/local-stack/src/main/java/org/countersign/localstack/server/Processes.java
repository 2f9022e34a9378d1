package org.countersign.localstack.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts and stops processes beside this one. */
public final class Processes {

    /** What every Java process of the stack is started with. */
    public static final List<String> JAVA_OPTIONS = List.of("-XX:+UseSerialGC", "-Dfile.encoding=UTF-8");

    /**
     * What makes it start sooner. Five processes start at once, perhaps on two cores: optimising code ten times later
     * than usual leaves the cores to starting up. What is hot is optimised all the same, after a minute or two more.
     */
    public static final List<String> SOONER_STARTED = List.of(
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=6000",
            "-XX:Tier4CompileThreshold=150000",
            "-XX:Tier4BackEdgeThreshold=400000");

    private Processes() {}

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
