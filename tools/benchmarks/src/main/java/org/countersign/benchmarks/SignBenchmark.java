package org.countersign.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.countersign.benchmarks.peer.axon.AxonPeer;
import org.countersign.benchmarks.peer.bare.BarePeer;
import org.countersign.benchmarks.peer.jpa.JpaPeer;

/**
 * Compares sign requests to the signature service, which also publishes to Kafka, with its peers in alternating rounds.
 * All other programs are idle during a measurement.
 */
final class SignBenchmark {

    private static final String PRODUCT = "Countersign, sign calls";
    private static final String BARE = "(a) bare POST";
    private static final String ONE_ROW = "(b) one row per commit, rows";
    private static final String AXON = "(c) Axon as its docs have it, sign calls";
    private static final String JPA = "(d) JPA with a hot row, sign calls";
    private static final String PUBLISHED_BY_AXON = "peer-events";

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stack;
    private final BenchmarkReport report;

    SignBenchmark(Bench.BenchmarkSize size, BenchmarkStack stack, BenchmarkReport report) {
        this.size = size;
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        report.progress("sign: starting the signature service and its peers");
        try (stack) {
            stack.localStack().startServers();
            stack.start("signature-service");
            stack.publishPetition();
            report.settings(stack.durableSettings());
            try (PeerProcess bare = start(BarePeer.class, BarePeer.WITHOUT, Optional.empty(), "");
                    PeerProcess axon = start(
                            AxonPeer.class,
                            List.of(
                                    "hibernate-",
                                    "spring-boot-hibernate",
                                    "spring-boot-data-jpa",
                                    "spring-data-jpa",
                                    "spring-boot-jpa"),
                            Optional.of("axon_peer"),
                            "peer-axon.sql");
                    PeerProcess jpa = start(
                            JpaPeer.class,
                            List.of("axon-", "spring-boot-kafka", "spring-kafka"),
                            Optional.of("jpa_peer"),
                            "peer-jpa.sql")) {
                measure(bare, axon, jpa);
            }
            sizes();
        }
    }

    private PeerProcess start(Class<?> main, List<String> without, Optional<String> database, String schema)
            throws Exception {
        return stack.startPeer(
                main,
                without,
                database.map(stack.localStack()::database),
                Map.of("SPRING_SQL_INIT_SCHEMA_LOCATIONS", "classpath:" + schema));
    }

    private void measure(PeerProcess bare, PeerProcess axon, PeerProcess jpa) throws Exception {
        int product = stack.ports().signatureService();
        report.progress("sign: " + size.warmUp() + " s of warm-up each");
        for (int port : new int[] {bare.port(), axon.port(), jpa.port(), product}) {
            SignLoad.warmUp(port, size.clients(), size.warmUp());
            settle();
        }
        int bytes = (int) stack.number("signature_service", "select avg(length(data)) from event where type = 10");
        try (OneRowPerCommit rows = new OneRowPerCommit(stack, size.clients(), bytes)) {
            rows.run(Math.min(5, size.warmUp()));
            report.progress("sign: " + size.rounds() + " rounds; an event has " + bytes + " bytes of data");
            for (int round = 0; round < size.rounds(); round++) {
                report.round(BARE, SignLoad.run(bare.port(), size.clients(), size.seconds()));
                report.round(ONE_ROW, rows.run(size.seconds()));
                report.round(AXON, SignLoad.run(axon.port(), size.clients(), size.seconds()));
                settle();
                report.round(JPA, SignLoad.run(jpa.port(), size.clients(), size.seconds()));
                report.round(PRODUCT, SignLoad.run(product, size.clients(), size.seconds()));
                settle();
            }
        }
        report.ratio("sign calls ÷ (c) Axon as its docs have it", PRODUCT, AXON, 2.5);
        report.ratio("sign calls ÷ (d) JPA with a hot row", PRODUCT, JPA, 4);
        report.ratio("sign calls ÷ (b) one row per commit", PRODUCT, ONE_ROW, 0.6);
        report.ratio("sign calls ÷ (a) bare POST", PRODUCT, BARE, 0.4);
    }

    /** Waits until all events are published, so that this work does not affect the next measurement. */
    private void settle() throws Exception {
        try (Admin admin = stack.kafkaAdmin()) {
            while (!stack.hasPublishedAll() || publishedByAxon(admin) < signedWithAxon()) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
        // PostgreSQL writes pending data now instead of during the next measurement.
        TimeUnit.MILLISECONDS.sleep(500);
    }

    private long signedWithAxon() throws Exception {
        return stack.number("axon_peer", "select count(*) from domainevententry");
    }

    private static long publishedByAxon(Admin admin) throws Exception {
        Map<TopicPartition, OffsetSpec> ends =
                admin.describeTopics(List.of(PUBLISHED_BY_AXON)).allTopicNames().get().values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .collect(Collectors.toMap(
                                partition -> new TopicPartition(PUBLISHED_BY_AXON, partition.partition()),
                                partition -> OffsetSpec.latest()));
        return admin.listOffsets(ends).all().get().values().stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }

    private void sizes() throws Exception {
        report.progress("size: bytes of a signature on disk with indexes and keys");
        double product = (double) stack.number("signature_service", """
                select sum(pg_total_relation_size(c.oid)) from pg_class c
                where c.relkind = 'r' and (c.relname like 'event%'
                    or c.relname in ('stream_event', 'log_head', 'petition_name'))""")
                / stack.number("signature_service", "select count(*) from event");
        double axon = (double) stack.number("axon_peer", """
                select sum(pg_total_relation_size(c.oid)) from pg_class c
                where c.relname in ('domainevententry', 'signature_key')""") / signedWithAxon();
        report.atMost(
                "bytes on disk a signature ÷ (c)",
                product / axon,
                "%.0f bytes ÷ %.0f bytes".formatted(product, axon),
                0.6);
    }
}
