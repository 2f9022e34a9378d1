package org.countersign.support.warmup;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/**
 * Runs all rehearsals at the same time. Spring Boot reports the service as ready after its application runners, so that
 * a ready service is warm. A rehearsal that fails or hangs delays the service for the limit and some seconds at most.
 */
class WarmUp implements ApplicationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final List<Rehearsal> rehearsals;
    private final Duration limit;
    private volatile double seconds;

    /** @param limit the time for rehearsals; zero for none */
    WarmUp(List<Rehearsal> rehearsals, Duration limit, MeterRegistry meters) {
        this.rehearsals = rehearsals;
        this.limit = limit;
        Gauge.builder("countersign.warmup", this, warmUp -> warmUp.seconds)
                .description("the time of the warm-up before the service was ready")
                .baseUnit("seconds")
                .register(meters);
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        if (limit.isZero() || rehearsals.isEmpty()) {
            return;
        }
        RehearsalTime time = RehearsalTime.of(limit);
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "warm-up");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Callable<Long>> tasks =
                    rehearsals.stream().map(rehearsal -> task(rehearsal, time)).collect(Collectors.toList());
            for (Future<Long> ended : threads.invokeAll(tasks, limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)) {
                report(ended);
            }
        } finally {
            threads.shutdownNow();
        }
        seconds = time.elapsed().toMillis() / 1000.0;
        LOG.info("The warm-up took {} s", seconds);
    }

    private static Callable<Long> task(Rehearsal rehearsal, RehearsalTime time) {
        return () -> rehearsal.rehearse(time);
    }

    private static void report(Future<Long> ended) throws InterruptedException {
        try {
            LOG.info("A frequent path was exercised {} times", ended.get());
        } catch (ExecutionException | CancellationException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            LOG.warn("A part of the warm-up failed. The first requests are slow: {}", reason.toString());
        }
    }
}
