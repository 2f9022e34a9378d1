package org.countersign.notifier.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Sends what is due. Each worker takes a handful, sends them and records how it went; any number of workers in any
 * number of instances may do so at a time. A stop lets each finish what it has taken.
 */
@Component
class DeliveryWorkers implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryWorkers.class);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
    private static final Duration COUNT_INTERVAL = Duration.ofSeconds(2);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(3);

    private final Deliveries deliveries;
    private final List<DeliverySender.Factory> factories;
    private final MeterRegistry meters;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;
    private double due;
    private long nextCount = System.nanoTime();

    DeliveryWorkers(Deliveries deliveries, List<DeliverySender.Factory> factories, MeterRegistry meters) {
        this.deliveries = deliveries;
        this.factories = factories;
        this.meters = meters;
        Gauge.builder("countersign.deliveries.due", this::due)
                .description("deliveries that wait to be sent")
                .register(meters);
    }

    /** Counting a long backlog takes a while: whoever asks often gets the same answer for a few seconds. */
    private synchronized double due() {
        long now = System.nanoTime();
        if (now >= nextCount) {
            try {
                due = deliveries.due();
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
        for (DeliverySender.Factory factory : factories) {
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
            LOG.warn("what was taken before the start is sent when its lease ends: {}", e.getMessage());
        }
    }

    private void work(DeliverySender.Factory factory) {
        try (DeliverySender sender = factory.open()) {
            while (running) {
                sleep(sendBatch(factory, sender));
            }
        }
    }

    /** Sends what one worker takes at a time; answers how long to wait before the next. */
    private Duration sendBatch(DeliverySender.Factory factory, DeliverySender sender) {
        try {
            List<LeasedDelivery> leased = deliveries.lease(factory.channel(), factory.batchSize());
            if (leased.isEmpty()) {
                sender.idle();
                return POLL_INTERVAL;
            }
            Map<Delivery, DeliveryOutcome> outcomes =
                    sender.send(leased.stream().map(LeasedDelivery::delivery).toList());
            deliveries.record(leased.stream()
                    .collect(Collectors.toMap(
                            delivery -> delivery,
                            delivery -> outcomes.getOrDefault(delivery.delivery(), DeliveryOutcome.later()))));
            outcomes.forEach(this::count);
            boolean away = outcomes.values().stream()
                    .anyMatch(outcome -> outcome.result() == DeliveryOutcome.Result.NOT_TRIED);
            return away ? RETRY_INTERVAL : Duration.ZERO;
        } catch (RuntimeException e) {
            // What was taken comes back when its lease ends.
            LOG.warn("sending stopped and will be tried again: {}", AddressMasking.text(e.toString()));
            return RETRY_INTERVAL;
        }
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
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
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
