package org.countersign.support.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * How many requests are worked on at a time. Each takes a tenth of a megabyte while it is, so the others wait for their
 * turn and take next to nothing meanwhile. Whose turn has not come in time is let through all the same, only to be told
 * to come back later.
 */
final class Admission {

    private static final ThreadLocal<Boolean> LATE = new ThreadLocal<>();

    private final int atATime;
    private final Duration patience;
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private final Counter refused;
    private int running;

    /**
     * @param atATime how many requests are worked on at a time
     * @param patience for how long one may wait
     */
    Admission(int atATime, Duration patience, MeterRegistry meters) {
        if (atATime < 1) {
            throw new IllegalArgumentException("COUNTERSIGN_REQUESTS_AT_A_TIME must be 1 or more");
        }
        this.atATime = atATime;
        this.patience = patience;
        refused = Counter.builder("countersign.requests.refused")
                .description("requests that waited for too long")
                .register(meters);
        Gauge.builder("countersign.requests.waiting", this::waiting)
                .description("requests that wait for their turn")
                .register(meters);
    }

    private record Waiting(Runnable request, Executor threads, long since) {}

    /** Whether the request that this thread works on has waited for too long. */
    static boolean isLate() {
        return LATE.get() != null;
    }

    /** Runs requests on these threads, each when it is its turn. */
    Executor over(Executor threads) {
        return request -> {
            synchronized (queue) {
                queue.add(new Waiting(request, threads, System.nanoTime()));
            }
            letIn();
        };
    }

    /**
     * Lets in whose turn it is, and who has waited for too long. To be called now and then also when nobody comes or
     * goes.
     */
    void letIn() {
        synchronized (queue) {
            for (Waiting next = queue.peek(); next != null; next = queue.peek()) {
                boolean late = System.nanoTime() - next.since() > patience.toNanos();
                if (!late && running == atATime) {
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
            running++;
            next.threads().execute(() -> {
                try {
                    next.request().run();
                } finally {
                    done();
                }
            });
        }
    }

    private void done() {
        synchronized (queue) {
            running--;
        }
        letIn();
    }

    private int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }
}
