package org.countersign.localstack.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Options for the processes of the stack, and a way to stop them. */
public final class Processes {

    /** Options of every Java process of the stack. */
    public static final List<String> JAVA_OPTIONS = List.of("-XX:+UseSerialGC", "-Dfile.encoding=UTF-8");

    /**
     * Options for a faster start, as in {@code service.jvmopts}. Five processes start at the same time, perhaps on two
     * cores. The optimising compiler starts ten times later than usual, which leaves the cores to the start.
     */
    static final List<String> FAST_START_OPTIONS = List.of(
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=6000",
            "-XX:Tier4CompileThreshold=150000",
            "-XX:Tier4BackEdgeThreshold=400000");

    private Processes() {}

    /**
     * Asks all processes to stop, waits for them, and kills the remaining ones after the timeout.
     *
     * @param timeout the maximum wait for all processes together
     */
    public static void stop(List<Process> processes, Duration timeout) {
        processes.forEach(Process::destroy);
        await(processes, timeout);
    }

    /** Waits for the end of processes that were asked to stop, and kills the remaining ones after the timeout. */
    public static void await(List<Process> processes, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
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
