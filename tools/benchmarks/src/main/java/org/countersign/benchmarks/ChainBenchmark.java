package org.countersign.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.countersign.cli.Countersign;
import org.countersign.localstack.client.MetricsSnapshot;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Measures the whole stack at a constant rate: sign, store, publish, count, plan and send mails. */
final class ChainBenchmark {

    /** The fraction of signers that confirm. The time until their mails arrive is measured. */
    private static final double OBSERVED_MAILS = 0.02;

    private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(1);
    private static final int BATCH_OF_MAILS = 1000;

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stack;
    private final BenchmarkReport report;

    ChainBenchmark(Bench.BenchmarkSize size, BenchmarkStack stack, BenchmarkReport report) {
        this.size = size;
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        report.progress("chain: starting the whole stack");
        try (stack) {
            stack.startAll();
            stack.publishPetition();
            report.settings(stack.durableSettings());
            report.progress("chain: warm-up with sign calls at the maximum rate");
            burst("--signatures", Integer.toString(Math.max(100, size.warmUp() * 4000)), "--rate", "max");
            report.progress("chain: mails of the warm-up, with nothing else to do");
            double mails = sendBacklog();
            int calls = (int) (size.rate() * size.minutes() * 60);
            report.progress("chain: %,d sign calls at %,d per second".formatted(calls, size.rate()));
            ProcessHandle postgres = stack.localStack().process("PostgreSQL").orElseThrow();
            ProcessorTimes before = ProcessorTimes.now(postgres);
            JsonNode burst = burst(
                    "--signatures",
                    Integer.toString(calls),
                    "--rate",
                    Integer.toString(size.rate()),
                    "--verify",
                    Double.toString(OBSERVED_MAILS));
            Map<String, Duration> used = ProcessorTimes.now(postgres).since(before);
            double rate = burst.get("signCallsPerSecond").asDouble();
            long errors = burst.get("errors").asLong();
            double lag = burst.get("mostSecondsUntilCounted").asDouble();
            report.add(
                    "whole chain, sign calls a second",
                    "%,.0f   (%d errors)".formatted(rate, errors),
                    "%,d".formatted(size.rate()),
                    rate >= size.rate() * 0.99 && errors == 0);
            report.add(
                    "whole chain, accepted but not yet counted, most", "%.2f s".formatted(lag), "under 2 s", lag < 2);
            report.add(
                    "whole chain, from due to answered",
                    "p50 %,.0f ms, p99 %,.0f ms, p99.9 %,.0f ms"
                            .formatted(
                                    burst.get("signMillisP50").asDouble(),
                                    burst.get("signMillisP99").asDouble(),
                                    burst.get("signMillisP99.9").asDouble()));
            report.add(
                    "whole chain, from accepted to the mail handed over",
                    "p50 %,.0f ms, p99 %,.0f ms"
                            .formatted(
                                    burst.get("mailMillisP50").asDouble(),
                                    burst.get("mailMillisP99").asDouble()));
            report.add("mails a second, with nothing else to do", "%,.0f".formatted(mails), "3,000", mails >= 3000);
            reportProcessorTimes(used, burst.get("accepted").asDouble());
            report.add(
                    "whole chain, lost",
                    "%d   (counter exactly right: %s)"
                            .formatted(
                                    burst.get("lost").asLong(),
                                    burst.get("counterExactlyRight").asBoolean()),
                    "0",
                    burst.get("lost").asLong() == 0
                            && burst.get("counterExactlyRight").asBoolean());
            reportHeap();
        }
    }

    /** Waits until the notifier has sent all mails that are due. Returns its rate, in mails per second. */
    private double sendBacklog() throws InterruptedException {
        double before = sentMails();
        long start = System.nanoTime();
        double sent = before;
        long end = start;
        while (dueMails() > 0) {
            Thread.sleep(SAMPLE_INTERVAL.toMillis());
            // The last mails arrive slowly, with those that are planned meanwhile.
            if (dueMails() > BATCH_OF_MAILS) {
                sent = sentMails();
                end = System.nanoTime();
            }
        }
        return end == start
                ? 0
                : (sent - before) / Duration.ofNanos(end - start).toMillis() * 1000;
    }

    private double dueMails() {
        return notifier().highest("countersign_deliveries_due").orElseThrow();
    }

    private double sentMails() {
        return notifier().sum("countersign_deliveries_total", "outcome=\"sent\"");
    }

    private MetricsSnapshot notifier() {
        return stack.metrics(stack.ports().notifierManagement());
    }

    private JsonNode burst(String... options) throws Exception {
        Path json = Files.createTempFile(stack.logs(), "burst", ".json");
        List<String> command = new ArrayList<>(stack.burstCommand(json));
        command.addAll(List.of(options));
        Countersign.commandLine().execute(command.toArray(String[]::new));
        return JsonMapper.builder().build().readTree(Files.readString(json));
    }

    /** The load generator runs in the process of the mailbox and cannot be counted apart. */
    private void reportProcessorTimes(Map<String, Duration> used, double signatures) {
        double all = 0;
        for (Map.Entry<String, Duration> part : new TreeMap<>(used).entrySet()) {
            double micros = part.getValue().toNanos() / 1e3 / signatures;
            String name = part.getKey().equals(ProcessorTimes.MAILBOX)
                    ? ProcessorTimes.MAILBOX + ", load generator"
                    : part.getKey();
            report.add("whole chain, processor time per signature, " + name, "%,.0f µs".formatted(micros));
            all += micros;
        }
        report.add("whole chain, processor time per signature, all processes", "%,.0f µs".formatted(all));
    }

    private void reportHeap() {
        double max = 0;
        for (int port : new int[] {
            stack.ports().signatureServiceManagement(),
            stack.ports().counterProjectionManagement(),
            stack.ports().notifierManagement()
        }) {
            max = Math.max(max, stack.metrics(port).sum("jvm_memory_max_bytes", "area=\"heap\""));
        }
        report.add(
                "heap each service has for all this, MiB",
                "%.0f".formatted(max / (1 << 20)),
                "at most 256",
                max <= 256L << 20);
    }
}
