package org.countersign.benchmarks;

import java.util.concurrent.TimeUnit;

/**
 * Restarts the instances of the signature service one after the other, while signers sign at a constant rate. The load
 * balancer of the stack sends each connection to a ready instance.
 */
final class RestartBenchmark {

    private static final String SERVICE = "signature-service";
    private static final int SECONDS_BETWEEN = 10;

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stack;
    private final BenchmarkReport report;

    /** @param stack has two instances of the signature service */
    RestartBenchmark(Bench.BenchmarkSize size, BenchmarkStack stack, BenchmarkReport report) {
        this.size = size;
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        report.progress("restart: starting two instances of the signature service");
        try (stack) {
            stack.startAll();
            stack.publishPetition();
            report.settings(stack.durableSettings());
            report.progress("restart: " + size.warmUp() + " s of warm-up");
            SteadySigners warmUp = SteadySigners.start(stack, "warm-up", size.restartRate());
            TimeUnit.SECONDS.sleep(size.warmUp());
            warmUp.end();
            measure();
        }
    }

    private void measure() throws InterruptedException {
        report.progress(
                "restart: %,d sign calls a second before, and during the restarts".formatted(size.restartRate()));
        SteadySigners before = SteadySigners.start(stack, "before", size.restartRate());
        TimeUnit.SECONDS.sleep((long) size.rounds() * size.seconds());
        before.end();
        SteadySigners during = SteadySigners.start(stack, "during", size.restartRate());
        for (String instance : stack.localStack().instances(SERVICE)) {
            restart(instance);
            TimeUnit.SECONDS.sleep(SECONDS_BETWEEN);
        }
        during.end();
        during.reportFailures("rolling restart", report);
        before.reportTimes("rolling restart, from due to accepted, before", report);
        during.reportTimes("rolling restart, from due to accepted, during", report);
        report.atMost(
                "rolling restart, p99 during ÷ before",
                during.millis(0.99) / before.millis(0.99),
                "%.0f ms ÷ %.0f ms".formatted(during.millis(0.99), before.millis(0.99)),
                2);
    }

    /** Stops an instance. The stack starts it again. Returns when it is ready. */
    private void restart(String instance) throws InterruptedException {
        long begin = System.nanoTime();
        ProcessHandle process = stack.localStack().process(instance).orElseThrow();
        process.destroy();
        while (process.isAlive() || !stack.localStack().isReady(instance)) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        report.detail("%s restarted within %.1f s".formatted(instance, (System.nanoTime() - begin) / 1e9));
    }
}
