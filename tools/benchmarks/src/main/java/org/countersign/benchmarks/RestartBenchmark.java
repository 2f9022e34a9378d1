package org.countersign.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.countersign.loadtest.HttpLoad;

/**
 * Restarts the instances of the signature service one after the other, while signers sign at a constant rate. The load
 * balancer of the stack sends each connection to a ready instance.
 */
final class RestartBenchmark {

    private static final String SERVICE = "signature-service";
    private static final int CONNECTIONS = 400;
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
            SteadySigners warmUp = new SteadySigners("warm-up", size.restartRate());
            CompletableFuture<Void> warming = start(warmUp);
            TimeUnit.SECONDS.sleep(size.warmUp());
            warmUp.end();
            warming.join();
            measure();
        }
    }

    /** Starts the load in a thread of its own. The common pool may have one thread, which restarts the instances. */
    private CompletableFuture<Void> start(SteadySigners signers) {
        return CompletableFuture.runAsync(
                () -> {
                    try (HttpLoad load = new HttpLoad(stack.ports().signatureService(), CONNECTIONS)) {
                        load.run(signers);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> new Thread(task, "load").start());
    }

    private void measure() throws InterruptedException {
        report.progress(
                "restart: %,d sign calls a second before, and during the restarts".formatted(size.restartRate()));
        SteadySigners before = new SteadySigners("before", size.restartRate());
        CompletableFuture<Void> load = start(before);
        TimeUnit.SECONDS.sleep((long) size.rounds() * size.seconds());
        before.end();
        load.join();
        SteadySigners during = new SteadySigners("during", size.restartRate());
        load = start(during);
        for (String instance : stack.localStack().instances(SERVICE)) {
            restart(instance);
            TimeUnit.SECONDS.sleep(SECONDS_BETWEEN);
        }
        during.end();
        load.join();
        report.add(
                "rolling restart, failed calls",
                "%,d of %,d".formatted(during.failed, during.sent),
                "0",
                during.failed == 0);
        report.add(
                "rolling restart, from due to accepted, before",
                "p50 %.0f ms, p99 %.0f ms".formatted(before.millis(0.5), before.millis(0.99)));
        report.add(
                "rolling restart, from due to accepted, during",
                "p50 %.0f ms, p99 %.0f ms".formatted(during.millis(0.5), during.millis(0.99)));
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

    /** Sign calls at a constant rate until the end is set. Each signer has another address. */
    private static final class SteadySigners implements HttpLoad.RequestSource {

        private final String name;
        private final int perSecond;
        private final long begin = System.nanoTime();
        private volatile boolean ended;
        private long[] nanos = new long[1 << 16];
        private int sent;
        private int answered;
        private int failed;

        private SteadySigners(String name, int perSecond) {
            this.name = name;
            this.perSecond = perSecond;
        }

        private void end() {
            ended = true;
        }

        private double millis(double quantile) {
            long[] sorted = Arrays.copyOf(nanos, answered);
            Arrays.sort(sorted);
            return sorted[(int) Math.min(answered - 1L, (long) (quantile * answered))] / 1e6;
        }

        @Override
        public Optional<HttpLoad.TimedRequest> next(long now) {
            long due = begin + sent * 1_000_000_000L / perSecond;
            if (ended || due > now) {
                return Optional.empty();
            }
            int signer = sent++;
            String form = "{\"name\":\"Rita Restart\",\"email\":\"%s-%d@bench.example\",\"country\":\"AM\"}"
                    .formatted(name, signer);
            byte[] request = HttpLoad.post("/api/petitions/" + BenchmarkStack.PETITION + "/signatures", form);
            return Optional.of(new HttpLoad.TimedRequest(request, due) {
                @Override
                protected void completed(int status, String body, long elapsed) {
                    record(status, elapsed);
                }
            });
        }

        private void record(int status, long elapsed) {
            if (status != 202) {
                failed++;
                return;
            }
            if (answered == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * nanos.length);
            }
            nanos[answered++] = elapsed;
        }

        @Override
        public boolean finished() {
            return ended;
        }
    }
}
