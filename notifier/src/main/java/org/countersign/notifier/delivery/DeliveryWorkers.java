package org.countersign.notifier.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Sends the deliveries that are due. Each worker leases a batch, sends it and records the outcomes. Any number of
 * workers in any number of instances may run at a time. A stop lets each worker finish its batch.
 */
@Component
class DeliveryWorkers implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryWorkers.class);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
    /** A small batch costs as much as a large one, in both databases and in the signature service. */
    private static final int SUFFICIENT_BATCH_SIZE = 25;
    /** The pause after a small batch, in which the next one grows. */
    private static final Duration GATHER_TIME = Duration.ofMillis(100);

    private static final Duration COUNT_INTERVAL = Duration.ofSeconds(2);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(3);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final Deliveries deliveries;
    private final MailPace pace;
    private final List<DeliverySender.SenderFactory> factories;
    private final MeterRegistry meters;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;
    private double due;
    private long nextCount = System.nanoTime();

    DeliveryWorkers(
            Deliveries deliveries, MailPace pace, List<DeliverySender.SenderFactory> factories, MeterRegistry meters) {
        this.deliveries = deliveries;
        this.pace = pace;
        this.factories = factories;
        this.meters = meters;
        Gauge.builder("countersign.deliveries.due", this::due)
                .description("Deliveries that are due")
                .register(meters);
    }

    /** Counting a long backlog is slow. The count is therefore cached for two seconds. */
    private synchronized double due() {
        long now = System.nanoTime();
        if (now >= nextCount) {
            try {
                due = deliveries.countDue();
            } catch (DataAccessException e) {
                due = Double.NaN;
            }
            nextCount = now + COUNT_INTERVAL.toNanos();
        }
        return due;
    }

    @Override
    public void start() {
        running = true;
        releaseOwnLeases();
        for (DeliverySender.SenderFactory factory : factories) {
            for (int i = 0; i < factory.workers(); i++) {
                Thread thread =
                        new Thread(() -> work(factory), factory.channel().text() + "-" + i);
                threads.add(thread);
                thread.start();
            }
        }
    }

    private void releaseOwnLeases() {
        try {
            deliveries.releaseOwnLeases();
        } catch (DataAccessException e) {
            LOG.warn("Cannot release the leases of the last run. They end after a minute: {}", e.getMessage());
        }
    }

    private void work(DeliverySender.SenderFactory factory) {
        try (DeliverySender sender = factory.open()) {
            if (factory.concurrency() > 1) {
                workConcurrently(factory, sender);
            } else {
                while (running) {
                    sleep(sendBatch(factory, sender));
                }
            }
        }
    }

    /** Sends one batch. Returns the pause before the next one. */
    private Duration sendBatch(DeliverySender.SenderFactory factory, DeliverySender sender) {
        try {
            int allowed = pace.take(factory.channel(), factory.batchSize());
            List<LeasedDelivery> leased = allowed == 0 ? List.of() : deliveries.lease(factory.channel(), allowed);
            pace.giveBack(factory.channel(), allowed - leased.size());
            if (leased.isEmpty()) {
                sender.idle();
                return POLL_INTERVAL;
            }
            return send(factory.channel(), sender, leased);
        } catch (RuntimeException | Error e) {
            return failed(e);
        }
    }

    /** Leases as many deliveries as there are free places. A slow delivery occupies only its own place. */
    private void workConcurrently(DeliverySender.SenderFactory factory, DeliverySender sender) {
        String name = Thread.currentThread().getName();
        ExecutorService threads = Executors.newCachedThreadPool(task -> new Thread(task, name + "-send"));
        Semaphore places = new Semaphore(factory.concurrency());
        try {
            while (running) {
                sleep(beginAll(factory, sender, threads, places));
            }
        } finally {
            threads.shutdown();
            awaitEnd(threads);
        }
    }

    /** Begins the deliveries that are due. Returns the pause before the next ones. */
    private Duration beginAll(
            DeliverySender.SenderFactory factory, DeliverySender sender, ExecutorService threads, Semaphore places) {
        try {
            int free = places.availablePermits();
            List<LeasedDelivery> leased = free == 0 ? List.of() : deliveries.lease(factory.channel(), free);
            for (LeasedDelivery delivery : leased) {
                places.acquireUninterruptibly();
                begin(threads, places, () -> send(factory.channel(), sender, List.of(delivery)));
            }
            return leased.isEmpty() ? POLL_INTERVAL : Duration.ZERO;
        } catch (RuntimeException | Error e) {
            return failed(e);
        }
    }

    /** Runs a task that returns its place at its end, or at once if there is no thread for it. */
    private static void begin(ExecutorService threads, Semaphore places, Runnable task) {
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    failed(e);
                } finally {
                    places.release();
                }
            });
        } catch (RuntimeException | Error e) {
            places.release();
            throw e;
        }
    }

    private static void awaitEnd(ExecutorService threads) {
        try {
            if (!threads.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Some deliveries did not end. They are sent again after their leases end.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration failed(Throwable e) {
        // The deliveries are leased again after their leases end.
        LOG.warn("A batch failed and will be retried: {}", AddressMasking.mask(e.toString()));
        return RETRY_INTERVAL;
    }

    /** Sends deliveries and records the outcomes. Returns the pause before the next batch. */
    private Duration send(DeliveryChannel channel, DeliverySender sender, List<LeasedDelivery> leased) {
        Map<Delivery, DeliveryOutcome> outcomes =
                sender.send(leased.stream().map(LeasedDelivery::delivery).toList());
        deliveries.record(leased.stream()
                .collect(Collectors.toMap(
                        delivery -> delivery,
                        delivery -> outcomes.getOrDefault(delivery.delivery(), DeliveryOutcome.later()))));
        outcomes.forEach(this::count);
        pace.giveBack(channel, (int)
                outcomes.values().stream().filter(DeliveryWorkers::isRefused).count());
        boolean unavailable =
                outcomes.values().stream().anyMatch(outcome -> outcome.result() == DeliveryOutcome.Result.NOT_TRIED);
        if (unavailable) {
            return RETRY_INTERVAL;
        }
        return leased.size() < SUFFICIENT_BATCH_SIZE ? GATHER_TIME : Duration.ZERO;
    }

    /** Returns whether the mail provider did not see the mail, because of its recipient. */
    private static boolean isRefused(DeliveryOutcome outcome) {
        return outcome.result() == DeliveryOutcome.Result.POSTPONED
                || outcome.result() == DeliveryOutcome.Result.SUPPRESSED;
    }

    private void count(Delivery delivery, DeliveryOutcome outcome) {
        String result = outcome.result().name().toLowerCase(Locale.ROOT).replace('_', '-');
        meters.counter("countersign.deliveries", "kind", delivery.kind().text(), "outcome", result)
                .increment();
        LOG.debug(
                "{} {} {} trace {}",
                delivery.kind(),
                delivery.id(),
                result,
                delivery.trace().orElse("none"));
    }

    private void sleep(Duration pause) {
        try {
            if (!pause.isZero()) {
                Thread.sleep(pause.toMillis());
            }
        } catch (InterruptedException e) {
            running = false;
        }
    }

    @Override
    public void stop() {
        running = false;
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(
                        1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
