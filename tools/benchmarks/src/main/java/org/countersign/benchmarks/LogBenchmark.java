package org.countersign.benchmarks;

import java.util.concurrent.FutureTask;
import org.countersign.localstack.client.UserException;

/**
 * What a long log costs: publishing half of it, counting that half, and signing on top of the whole beside a service
 * with a short one. The events are put there behind the service's back, so the public log, which would have to catch up
 * meanwhile, is left as it is.
 */
final class LogBenchmark {

    private static final String RELAY = "relay, catching up, events";
    private static final String PRODUCER = "bare KafkaProducer, events";
    private static final String COUNTER = "counter, catching up, events";
    private static final String CONSUMER = "bare KafkaConsumer, events";
    private static final String LONG = "sign calls with the long log";
    private static final String SHORT = "sign calls with a short log";

    /** Starts a service and returns when it is ready. */
    @FunctionalInterface
    private interface Start {
        void run() throws InterruptedException;
    }

    private final Bench.Size size;
    private final BenchmarkStack site;
    private final BenchmarkStack siteWithShortLog;
    private final BenchmarkReport report;

    LogBenchmark(Bench.Size size, BenchmarkStack site, BenchmarkStack siteWithShortLog, BenchmarkReport report) {
        this.size = size;
        this.site = site;
        this.siteWithShortLog = siteWithShortLog;
        this.report = report;
    }

    void run() throws Exception {
        long half = size.events() / 2;
        report.say("log: writing %,d events into the log".formatted(half));
        try (site;
                siteWithShortLog) {
            site.stack().startServers();
            site.startWithoutPublicLog();
            site.publishPetition();
            report.settings(site.durableSettings());
            site.stack().stopService("signature-service");
            EventLogFiller log = new EventLogFiller(site);
            log.append(half);
            try (BareKafka bare = new BareKafka(site)) {
                publish(half, bare);
                count(half, bare);
            }
            report.say("log: writing %,d events more, taken as published".formatted(size.events() - half));
            site.stack().stopService("signature-service");
            log.append(size.events() - half);
            site.execute(
                    "signature_service",
                    "update reader_position set global_index = (select last_index from log_head) where reader = 'relay'");
            sign();
        }
    }

    private void publish(long events, BareKafka bare) throws Exception {
        report.say("relay: catching up from %,d events behind; after it the bare producer".formatted(events));
        watchFromStart(
                site::startWithoutPublicLog,
                site.ports().signatureService(),
                "countersign_relay_published_total",
                events,
                RELAY);
        for (int round = 0; round < size.rounds(); round++) {
            report.round(PRODUCER, bare.send(events / size.rounds()));
        }
        report.ratio("relay, catching up ÷ a bare KafkaProducer", RELAY, PRODUCER, 0.5);
    }

    private void count(long events, BareKafka bare) throws Exception {
        report.say("projection: counting %,d events from Kafka; after it the bare consumer".formatted(events));
        watchFromStart(
                () -> site.start("counter-projection"),
                site.ports().counterProjection(),
                "countersign_counter_events_total",
                events,
                COUNTER);
        requireRightCount(events);
        site.stack().stopService("counter-projection");
        for (int round = 0; round < size.rounds(); round++) {
            report.round(CONSUMER, bare.read(events / size.rounds()));
        }
        report.ratio("projection, counting from Kafka ÷ a bare KafkaConsumer", COUNTER, CONSUMER, 0.5);
    }

    /** Starts a service and watches it catch up: what it does before it says that it is ready counts too. */
    private void watchFromStart(Start start, int port, String metric, long events, String name) throws Exception {
        FutureTask<Void> started = new FutureTask<>(() -> {
            start.run();
            return null;
        });
        new Thread(started, "start").start();
        for (double rate : ProgressSlices.watch(events, size.rounds(), () -> done(port, metric))) {
            report.round(name, rate);
        }
        started.get();
    }

    private double done(int port, String metric) {
        try {
            return site.metrics(port).highest(metric).orElse(0);
        } catch (UserException notStartedYet) {
            return 0;
        }
    }

    /** Of four events three sign and one verifies. */
    private void requireRightCount(long events) throws Exception {
        long verified = site.number("counter_projection", "select verified from petition_count");
        long pending = site.number("counter_projection", "select pending from petition_count");
        if (verified != events / 4 || pending != events / 4 * 2 + events % 4) {
            throw new UserException("The counter shows %,d verified and %,d pending of %,d events."
                    .formatted(verified, pending, events));
        }
    }

    private void sign() throws Exception {
        siteWithShortLog.stack().startServers();
        siteWithShortLog.startWithoutPublicLog();
        siteWithShortLog.publishPetition();
        site.startWithoutPublicLog();
        int onLong = site.ports().signatureService();
        int onShort = siteWithShortLog.ports().signatureService();
        report.say("stored: sign calls with %,d events stored and with none, in turns".formatted(size.events()));
        for (int port : new int[] {onLong, onShort}) {
            SignLoad.run(port, size.clients(), size.warmUp());
        }
        for (int round = 0; round < size.rounds(); round++) {
            report.round(LONG, SignLoad.run(onLong, size.clients(), size.seconds()));
            site.settle();
            report.round(SHORT, SignLoad.run(onShort, size.clients(), size.seconds()));
            siteWithShortLog.settle();
        }
        report.ratio(
                "sign calls with %,d events stored ÷ with none at first".formatted(size.events()), LONG, SHORT, 0.9);
    }
}
