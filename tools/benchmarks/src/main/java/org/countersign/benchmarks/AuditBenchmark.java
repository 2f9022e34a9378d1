package org.countersign.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Measures the cost of an audit. It compares replays of the history with readers that only count rows or records, for a
 * tenth of the long log and for all of it.
 */
final class AuditBenchmark {

    private static final String ROWS = "bare JDBC reader, rows";
    private static final String STORE = "replay from the store, events";
    private static final String CONSUMER = "bare KafkaConsumer, records";
    private static final String KAFKA = "replay from Kafka, events";
    private static final String LONG_STORE = "replay of all from the store, events";
    private static final String LONG_KAFKA = "replay of all from Kafka, events";

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stack;
    private final BenchmarkReport report;

    AuditBenchmark(Bench.BenchmarkSize size, BenchmarkStack stack, BenchmarkReport report) {
        this.size = size;
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        try (stack) {
            stack.localStack().startServers();
            stack.startWithoutPublicLog();
            stack.publishPetition();
            report.settings(stack.durableSettings());
            replays();
        }
    }

    private void replays() throws Exception {
        EventLogFiller log = new EventLogFiller(stack);
        int few = size.events() / 10;
        appendEvents(log, few);
        report.progress("replay: %,d events, in alternating rounds".formatted(log.head()));
        try (BareKafka bare = new BareKafka(stack)) {
            replay("store");
            replay("kafka");
            for (int round = 0; round < size.rounds(); round++) {
                report.round(ROWS, BareReader.run(stack));
                report.round(STORE, replay("store"));
                report.round(CONSUMER, bare.read(few));
                report.round(KAFKA, replay("kafka"));
            }
        }
        report.ratio("replay from the store ÷ a reader that counts rows", STORE, ROWS, 0.5);
        report.ratio("replay from Kafka ÷ a consumer that counts records", KAFKA, CONSUMER, 0.5);
        appendEvents(log, size.events() - few);
        report.progress("replay: %,d events".formatted(log.head()));
        report.round(LONG_STORE, replay("store"));
        report.round(LONG_KAFKA, replay("kafka"));
        report.ratio("replay from the store, all events ÷ a tenth of them", LONG_STORE, STORE, 0.9);
        report.ratio("replay from Kafka, all events ÷ a tenth of them", LONG_KAFKA, KAFKA, 0.9);
    }

    /** Adds events to the log and waits until Kafka has all of them. */
    private void appendEvents(EventLogFiller log, long events) throws Exception {
        report.progress("replay: writing and publishing %,d events".formatted(events));
        stack.localStack().stopService("signature-service");
        log.append(events);
        stack.startWithoutPublicLog();
        while (stack.number("signature_service", "select max(global_index) from reader_position where reader = 'relay'")
                < log.head()) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private double replay(String from) {
        AtomicReference<@Nullable JsonNode> lastLine = new AtomicReference<>();
        long start = System.nanoTime();
        new ApiClient()
                .lines(
                        stack.ports().signatureService(),
                        "GET",
                        "/api/audit/replay?from=" + from,
                        BenchmarkStack.auditor(),
                        lastLine::set);
        JsonNode end = lastLine.get();
        if (end == null || !end.path("is").asString().equals("end")) {
            throw new UserException("The replay from " + from + " ended with " + end + ".");
        }
        return end.path("events").asLong() * 1e9 / (System.nanoTime() - start);
    }
}
