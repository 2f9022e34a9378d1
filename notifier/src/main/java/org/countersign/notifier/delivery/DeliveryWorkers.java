package org.countersign.notifier.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(2);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(3);

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
            nextCount = now + BETWEEN_COUNTS.toNanos();
        }
        return due;
    }

    @Override
    public void start() {
        running = true;
        takeBack();
        for (DeliverySender.Factory factory : factories) {
            for (int i = 0; i < factory.workers(); i++) {
                Thread thread = new Thread(() -> work(factory), factory.medium().text() + "-" + i);
                threads.add(thread);
                thread.start();
            }
        }
    }

    private void takeBack() {
        try {
            deliveries.takeBack();
        } catch (DataAccessException e) {
            LOG.warn("what was taken before the start is sent when its lease ends: {}", e.getMessage());
        }
    }

    private void work(DeliverySender.Factory factory) {
        try (DeliverySender channel = factory.open()) {
            while (running) {
                sleep(sendSome(factory, channel));
            }
        }
    }

    /** Sends what one worker takes at a time; answers how long to wait before the next. */
    private Duration sendSome(DeliverySender.Factory factory, DeliverySender channel) {
        try {
            List<Delivery> taken = deliveries.take(factory.medium(), factory.batch());
            if (taken.isEmpty()) {
                channel.idle();
                return BETWEEN_LOOKS;
            }
            Map<Delivery, DeliveryOutcome> outcomes = channel.send(taken);
            deliveries.record(outcomes);
            outcomes.forEach(this::count);
            boolean away = outcomes.values().stream()
                    .anyMatch(outcome -> outcome.result() == DeliveryOutcome.Result.NOT_TRIED);
            return away ? PAUSE_AFTER_FAILURE : Duration.ZERO;
        } catch (RuntimeException e) {
            // What was taken comes back when its lease ends.
            LOG.warn("sending stopped and will be tried again: {}", AddressMasking.text(e.toString()));
            return PAUSE_AFTER_FAILURE;
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
