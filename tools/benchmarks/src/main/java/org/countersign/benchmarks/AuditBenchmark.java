package org.countersign.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/**
 * What an audit costs: replays of the history beside readers that only count rows or records, at a tenth of the long
 * log and at all of it.
 */
final class AuditBenchmark {

    private static final String ROWS = "bare JDBC reader, rows";
    private static final String STORE = "replay from the store, events";
    private static final String CONSUMER = "bare KafkaConsumer, records";
    private static final String KAFKA = "replay from Kafka, events";
    private static final String LONG_STORE = "replay of all from the store, events";
    private static final String LONG_KAFKA = "replay of all from Kafka, events";
    private static final int FETCH = 5_000;

    private final Bench.Size size;
    private final BenchmarkStack site;
    private final BenchmarkReport report;

    AuditBenchmark(Bench.Size size, BenchmarkStack site, BenchmarkReport report) {
        this.size = size;
        this.site = site;
        this.report = report;
    }

    void run() throws Exception {
        try (site) {
            site.stack().startServers();
            site.startWithoutPublicLog();
            site.publishPetition();
            report.settings(site.durableSettings());
            replays();
        }
    }

    private void replays() throws Exception {
        EventLogFiller log = new EventLogFiller(site);
        int few = size.events() / 10;
        write(log, few);
        report.say("replay: %,d events, in turns".formatted(log.head()));
        try (BareKafka bare = new BareKafka(site)) {
            replay("store");
            replay("kafka");
            for (int round = 0; round < size.rounds(); round++) {
                report.round(ROWS, countRows());
                report.round(STORE, replay("store"));
                report.round(CONSUMER, bare.read(few));
                report.round(KAFKA, replay("kafka"));
            }
        }
        report.ratio("replay from the store ÷ a reader that counts rows", STORE, ROWS, 0.5);
        report.ratio("replay from Kafka ÷ a consumer that counts records", KAFKA, CONSUMER, 0.5);
        write(log, size.events() - few);
        report.say("replay: %,d events".formatted(log.head()));
        report.round(LONG_STORE, replay("store"));
        report.round(LONG_KAFKA, replay("kafka"));
        report.ratio("replay from the store, all events ÷ a tenth of them", LONG_STORE, STORE, 0.9);
        report.ratio("replay from Kafka, all events ÷ a tenth of them", LONG_KAFKA, KAFKA, 0.9);
    }

    /** Puts events into the log and waits until all are in Kafka. */
    private void write(EventLogFiller log, long events) throws Exception {
        report.say("replay: writing and publishing %,d events".formatted(events));
        site.stack().stopService("signature-service");
        log.append(events);
        site.startWithoutPublicLog();
        while (site.number("signature_service", "select max(global_index) from reader_position where reader = 'relay'")
                < log.head()) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private double countRows() throws Exception {
        try (Connection connection = site.connect("signature_service");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(FETCH);
            long rows = 0;
            long start = System.nanoTime();
            try (ResultSet all = statement.executeQuery("select * from event order by global_index")) {
                while (all.next()) {
                    rows++;
                }
            }
            return rows * 1e9 / (System.nanoTime() - start);
        }
    }

    private double replay(String from) {
        JsonNode[] end = new JsonNode[1];
        long start = System.nanoTime();
        new ApiClient()
                .lines(
                        site.ports().signatureService(),
                        "GET",
                        "/api/audit/replay?from=" + from,
                        BenchmarkStack.auditor(),
                        line -> end[0] = line);
        if (end[0] == null || !end[0].path("is").asString().equals("end")) {
            throw new UserException("The replay from " + from + " ended with " + end[0] + ".");
        }
        return end[0].path("events").asLong() * 1e9 / (System.nanoTime() - start);
    }
}
