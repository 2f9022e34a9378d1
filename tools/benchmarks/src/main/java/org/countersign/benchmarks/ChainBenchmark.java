package org.countersign.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import org.countersign.cli.Countersign;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole stack: signed, stored, on Kafka, counted, mails planned and sent, at a steady rate. */
final class ChainBenchmark {

    private final Bench.Size size;
    private final BenchmarkStack site;
    private final BenchmarkReport report;

    ChainBenchmark(Bench.Size size, BenchmarkStack site, BenchmarkReport report) {
        this.size = size;
        this.site = site;
        this.report = report;
    }

    void run() throws Exception {
        report.say("chain: starting the whole stack");
        try (site) {
            site.startAll();
            site.publishPetition();
            report.settings(site.durableSettings());
            report.say("chain: sign calls as fast as they are answered before it counts");
            burst("--signatures", Integer.toString(Math.max(100, size.warmUp() * 4000)), "--rate", "max");
            int calls = (int) (size.rate() * size.minutes() * 60);
            report.say("chain: %,d sign calls at %,d a second".formatted(calls, size.rate()));
            JsonNode burst = burst("--signatures", Integer.toString(calls), "--rate", Integer.toString(size.rate()));
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
                                    burst.get("signMillisP99.9").asDouble()),
                    null,
                    null);
            report.add(
                    "whole chain, lost",
                    "%d   (counter exactly right: %s)"
                            .formatted(
                                    burst.get("lost").asLong(),
                                    burst.get("counterExactlyRight").asBoolean()),
                    "0",
                    burst.get("lost").asLong() == 0
                            && burst.get("counterExactlyRight").asBoolean());
            heap();
        }
    }

    private JsonNode burst(String... options) throws Exception {
        Path json = Files.createTempFile(site.logs(), "burst", ".json");
        String[] command = new String[options.length + 9];
        System.arraycopy(
                new String[] {
                    "burst",
                    "--port-offset",
                    Integer.toString(site.offset()),
                    "--petition",
                    BenchmarkStack.PETITION,
                    "--clients",
                    Integer.toString(size.clients()),
                    "--json",
                    json.toString()
                },
                0,
                command,
                0,
                9);
        System.arraycopy(options, 0, command, 9, options.length);
        Countersign.commandLine().execute(command);
        return JsonMapper.builder().build().readTree(Files.readString(json));
    }

    private void heap() {
        double most = 0;
        for (int port : new int[] {
            site.ports().signatureService(),
            site.ports().counterProjection(),
            site.ports().notifier()
        }) {
            most = Math.max(most, site.metrics(port).sum("jvm_memory_max_bytes", "area=\"heap\""));
        }
        report.add(
                "heap each service has for all this, MiB",
                "%.0f".formatted(most / (1 << 20)),
                "at most 256",
                most <= 256L << 20);
    }
}
