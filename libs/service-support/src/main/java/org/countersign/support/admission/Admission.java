package org.countersign.support.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Limits the number of concurrent requests. A running request takes a tenth of a megabyte, and a waiting one almost
 * nothing. A request that waited longer than the timeout runs all the same, and {@link AdmissionFilter} answers 503.
 */
final class Admission {

    private static final ThreadLocal<Boolean> LATE = new ThreadLocal<>();

    private final int maxConcurrent;
    private final Duration timeout;
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private final Counter refused;
    private int running;

    /**
     * Creates the queue.
     *
     * @param maxConcurrent the maximum number of concurrent requests
     * @param timeout the maximum time to wait
     * @param meters receives the metrics
     */
    Admission(int maxConcurrent, Duration timeout, MeterRegistry meters) {
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("COUNTERSIGN_REQUESTS_AT_A_TIME must be 1 or more");
        }
        this.maxConcurrent = maxConcurrent;
        this.timeout = timeout;
        refused = Counter.builder("countersign.requests.refused")
                .description("requests that waited longer than the timeout")
                .register(meters);
        Gauge.builder("countersign.requests.waiting", this::waiting)
                .description("requests that wait for admission")
                .register(meters);
    }

    private record Waiting(Runnable request, Executor threads, long since) {}

    /** Tells whether the request of this thread waited longer than the timeout. */
    static boolean isLate() {
        return LATE.get() != null;
    }

    /** Returns an executor that runs requests on these threads when they are admitted. */
    Executor over(Executor threads) {
        return request -> {
            synchronized (queue) {
                queue.add(new Waiting(request, threads, System.nanoTime()));
            }
            admit();
        };
    }

    /**
     * Admits the requests whose turn it is, and those that waited longer than the timeout. A timer calls it as well.
     */
    void admit() {
        synchronized (queue) {
            for (Waiting next = queue.peek(); next != null; next = queue.peek()) {
                boolean late = System.nanoTime() - next.since() > timeout.toNanos();
                if (!late && running == maxConcurrent) {
                    return;
                }
                queue.remove();
                begin(next, late);
            }
        }
    }

    private void begin(Waiting next, boolean late) {
        if (late) {
            refused.increment();
            next.threads().execute(() -> {
                LATE.set(true);
                try {
                    next.request().run();
                } finally {
                    LATE.remove();
                }
            });
        } else {
            next.threads().execute(() -> {
                try {
                    next.request().run();
                } finally {
                    done();
                }
            });
            // Not before, because there may be no thread left. The caller holds the lock, so done() comes later.
            running++;
        }
    }

    private void done() {
        synchronized (queue) {
            running--;
        }
        admit();
    }

    private int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }
}
