package org.countersign.benchmarks;

import java.util.concurrent.TimeUnit;
import org.countersign.localstack.PreviousRelease;
import org.countersign.localstack.ServiceLauncher;

/**
 * Replaces instance after instance of all services by those of this version, while signers sign at a constant rate. The
 * stack starts with the previous release.
 */
final class UpgradeBenchmark {

    private final Bench.BenchmarkSize size;
    private final PreviousRelease release;
    private final ServiceLauncher current;
    private final BenchmarkStack stack;
    private final BenchmarkReport report;

    /**
     * @param release the previous release
     * @param current starts the services of this version
     * @param stack has two instances of each service, from the release
     */
    UpgradeBenchmark(
            Bench.BenchmarkSize size,
            PreviousRelease release,
            ServiceLauncher current,
            BenchmarkStack stack,
            BenchmarkReport report) {
        this.size = size;
        this.release = release;
        this.current = current;
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        report.progress("upgrade: starting two instances of each service of release " + release.version());
        try (stack) {
            stack.startAll();
            stack.publishPetition();
            report.settings(stack.durableSettings());
            report.progress("upgrade: " + size.warmUp() + " s of warm-up");
            SteadySigners warmUp = SteadySigners.start(stack, "warm-up", size.upgradeRate());
            TimeUnit.SECONDS.sleep(size.warmUp());
            warmUp.end();
            measure(warmUp.accepted());
        }
    }

    private void measure(int signed) throws Exception {
        report.progress(
                "upgrade: %,d sign calls a second before, and during the upgrade".formatted(size.upgradeRate()));
        SteadySigners before = SteadySigners.start(stack, "before", size.upgradeRate());
        TimeUnit.SECONDS.sleep((long) size.rounds() * size.seconds());
        before.end();
        SteadySigners during = SteadySigners.start(stack, "during", size.upgradeRate());
        for (String service : PreviousRelease.UPGRADE_ORDER) {
            for (String instance : stack.localStack().instances(service)) {
                replace(instance);
            }
        }
        during.end();
        during.reportFailures("rolling upgrade of all services", report);
        before.reportTimes("rolling upgrade, from due to accepted, before", report);
        during.reportTimes("rolling upgrade, from due to accepted, during", report);
        reportCounts(signed + before.accepted() + during.accepted());
    }

    private void replace(String instance) throws InterruptedException {
        long begin = System.nanoTime();
        stack.replace(instance, current);
        report.detail("%s replaced within %.1f s".formatted(instance, (System.nanoTime() - begin) / 1e9));
    }

    /** Compares the accepted sign calls with the pending signatures of the counter. */
    private void reportCounts(int accepted) throws Exception {
        stack.settle();
        long counted = stack.awaitPending(accepted);
        report.add(
                "rolling upgrade, counted of accepted",
                "%,d of %,d".formatted(counted, accepted),
                "all",
                counted == accepted);
    }
}
