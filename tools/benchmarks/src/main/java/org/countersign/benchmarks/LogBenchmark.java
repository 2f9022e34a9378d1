package org.countersign.benchmarks;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.countersign.localstack.client.UserException;

/**
 * Measures the cost of a long log: publishing half of it, counting that half, and signing with the whole log compared
 * with a short one.
 *
 * <p>The benchmark writes the events directly to the database. The public log is off, because it would have to catch up
 * during the measurements.
 */
final class LogBenchmark {

    private static final String RELAY = "relay, catching up, events";
    private static final String PRODUCER = "bare KafkaProducer, events";
    private static final String COUNTER = "counter, catching up, events";
    private static final String CONSUMER = "bare KafkaConsumer, events";
    private static final String HEAD = "log head, events";
    private static final String LONG = "sign calls with the long log";
    private static final String SHORT = "sign calls with a short log";

    /** Starts a service and returns when it is ready. */
    @FunctionalInterface
    private interface ServiceStart {
        void run() throws InterruptedException;
    }

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stack;
    private final BenchmarkStack shortLogStack;
    private final BenchmarkReport report;

    LogBenchmark(Bench.BenchmarkSize size, BenchmarkStack stack, BenchmarkStack shortLogStack, BenchmarkReport report) {
        this.size = size;
        this.stack = stack;
        this.shortLogStack = shortLogStack;
        this.report = report;
    }

    void run() throws Exception {
        long half = size.events() / 2;
        report.progress("log: writing %,d events into the log".formatted(half));
        try (stack;
                shortLogStack) {
            stack.localStack().startServers();
            stack.startWithoutPublicLog();
            stack.publishPetition();
            report.settings(stack.durableSettings());
            stack.localStack().stopService("signature-service");
            EventLogFiller log = new EventLogFiller(stack);
            log.append(half);
            try (BareKafka bare = new BareKafka(stack)) {
                publish(half, bare);
                count(half, bare);
            }
            report.progress("log: writing %,d more events, marked as published".formatted(size.events() - half));
            stack.localStack().stopService("signature-service");
            log.append(size.events() - half);
            stack.execute(
                    "signature_service",
                    "update reader_position set global_index = (select last_index from log_head) "
                            + "where reader = 'relay'");
            sign();
            append();
        }
    }

    private void append() throws Exception {
        report.progress("log head: appending with one writer, and no service");
        shortLogStack.localStack().stopService("signature-service");
        try (LogHead head = new LogHead(shortLogStack)) {
            for (int round = 0; round < size.rounds(); round++) {
                report.round(HEAD, head.run(size.seconds()));
            }
        }
        report.add("limit of the log head, events a second", "%,.0f".formatted(report.median(HEAD)));
        report.add("limit of the relay, events a second", "%,.0f".formatted(report.median(RELAY)));
        report.add("limit of the counter, events a second", "%,.0f".formatted(report.median(COUNTER)));
    }

    private void publish(long events, BareKafka bare) throws Exception {
        report.progress("relay: catching up with %,d events, then the bare producer".formatted(events));
        measureFromStart(
                stack::startWithoutPublicLog,
                stack.ports().signatureServiceManagement(),
                "countersign_relay_published_total",
                events,
                RELAY);
        for (int round = 0; round < size.rounds(); round++) {
            report.round(PRODUCER, bare.send(events / size.rounds()));
        }
        report.ratio("relay, catching up ÷ a bare KafkaProducer", RELAY, PRODUCER, 0.5);
    }

    private void count(long events, BareKafka bare) throws Exception {
        report.progress("projection: counting %,d events from Kafka, then the bare consumer".formatted(events));
        measureFromStart(
                () -> stack.start("counter-projection"),
                stack.ports().counterProjectionManagement(),
                "countersign_counter_events_total",
                events,
                COUNTER);
        requireRightCount(events);
        stack.localStack().stopService("counter-projection");
        for (int round = 0; round < size.rounds(); round++) {
            report.round(CONSUMER, bare.read(events / size.rounds()));
        }
        report.ratio("projection, counting from Kafka ÷ a bare KafkaConsumer", COUNTER, CONSUMER, 0.5);
    }

    /** Starts a service and measures its progress, including the time before it is ready. */
    private void measureFromStart(ServiceStart start, int port, String metric, long events, String name)
            throws Exception {
        FutureTask<Void> started = new FutureTask<>(() -> {
            start.run();
            return null;
        });
        new Thread(started, "start").start();
        for (double rate : ProgressSlices.watch(events, size.rounds(), () -> done(started, port, metric))) {
            report.round(name, rate);
        }
        started.get();
    }

    private double done(FutureTask<Void> started, int port, String metric) {
        if (started.isDone()) {
            requireStarted(started);
        }
        try {
            return stack.metrics(port).highest(metric).orElse(0);
        } catch (UserException notStartedYet) {
            return 0;
        }
    }

    /** Ends the benchmark if the service did not start, because no progress would ever come. */
    private static void requireStarted(FutureTask<Void> started) {
        try {
            started.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("The benchmark was interrupted.");
        } catch (ExecutionException e) {
            throw new UserException("The service did not start: " + e.getMessage());
        }
    }

    /** Verifies the counts. Of four events, three are signatures and one is a confirmation. */
    private void requireRightCount(long events) throws Exception {
        long verified = stack.number("counter_projection", "select verified from petition_count");
        long pending = stack.number("counter_projection", "select pending from petition_count");
        if (verified != events / 4 || pending != events / 4 * 2 + events % 4) {
            throw new UserException(
                    "The counter has %,d verified and %,d pending of %,d events.".formatted(verified, pending, events));
        }
    }

    private void sign() throws Exception {
        shortLogStack.localStack().startServers();
        shortLogStack.startWithoutPublicLog();
        shortLogStack.publishPetition();
        stack.startWithoutPublicLog();
        int onLong = stack.ports().signatureService();
        int onShort = shortLogStack.ports().signatureService();
        report.progress("stored: sign calls with %,d events stored and with none, in alternating rounds"
                .formatted(size.events()));
        for (int port : new int[] {onLong, onShort}) {
            SignLoad.warmUp(port, size.clients(), size.warmUp());
        }
        for (int round = 0; round < size.rounds(); round++) {
            report.round(LONG, SignLoad.run(onLong, size.clients(), size.seconds()));
            stack.settle();
            report.round(SHORT, SignLoad.run(onShort, size.clients(), size.seconds()));
            shortLogStack.settle();
        }
        report.ratio(
                "sign calls with %,d events stored ÷ with none at first".formatted(size.events()), LONG, SHORT, 0.9);
    }
}
