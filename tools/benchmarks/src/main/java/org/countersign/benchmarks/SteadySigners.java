package org.countersign.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.countersign.loadtest.HttpLoad;

/** Sign calls at a constant rate until the end. Each signer has another address. No call is repeated. */
final class SteadySigners implements HttpLoad.RequestSource {

    private static final int CONNECTIONS = 400;
    private static final int MAX_FAILURES_SHOWN = 20;

    private final String name;
    private final int perSecond;
    private final long begin = System.nanoTime();
    private final CompletableFuture<Void> load;
    private volatile boolean ended;
    private long[] nanos = new long[1 << 16];
    private int sent;
    private int answered;
    private final List<String> failures = new ArrayList<>();

    private SteadySigners(BenchmarkStack stack, String name, int perSecond) {
        this.name = name;
        this.perSecond = perSecond;
        // A thread of its own. The common pool may have one thread, which restarts the instances.
        this.load = CompletableFuture.runAsync(() -> run(stack), task -> new Thread(task, "load").start());
    }

    /**
     * Starts to sign the petition of a stack.
     *
     * @param name part of the signers' addresses, different for each load of a stack
     */
    static SteadySigners start(BenchmarkStack stack, String name, int perSecond) {
        return new SteadySigners(stack, name, perSecond);
    }

    private void run(BenchmarkStack stack) {
        try (HttpLoad http = new HttpLoad(stack.ports().signatureService(), CONNECTIONS)) {
            http.run(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the load and returns after the last response. Only then, there are figures. */
    void end() {
        ended = true;
        load.join();
    }

    int accepted() {
        return answered;
    }

    double millis(double quantile) {
        long[] sorted = Arrays.copyOf(nanos, answered);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(answered - 1L, (long) (quantile * answered))] / 1e6;
    }

    /** Adds the failed calls to the report. There must be none. */
    void reportFailures(String of, BenchmarkReport report) {
        report.add(of + ", failed calls", "%,d of %,d".formatted(failures.size(), sent), "0", failures.isEmpty());
        failures.stream().limit(MAX_FAILURES_SHOWN).forEach(report::detail);
    }

    /** Adds the times from the moment a call is due until it is accepted to the report. */
    void reportTimes(String figure, BenchmarkReport report) {
        report.add(figure, "p50 %.0f ms, p99 %.0f ms".formatted(millis(0.5), millis(0.99)));
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
            // Status 0 is a connection that ended without an answer.
            failures.add("status %d %.1f s after the begin, %.1f s after it was due"
                    .formatted(status, (System.nanoTime() - begin) / 1e9, elapsed / 1e9));
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
