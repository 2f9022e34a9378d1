package org.countersign.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.countersign.cli.Countersign;
import org.countersign.localstack.InstalledJdk;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures the first minute: starts the whole stack, waits until it is ready, and offers a burst at once. The load
 * generator is a process of its own, so that its processor time is counted apart.
 */
final class ColdBenchmark {

    private static final double VERIFY = 0.2;
    private static final double WITHDRAW = 0.01;
    private static final double DUPLICATES = 0.05;
    private static final String LOAD_GENERATOR = "load generator";

    private final Bench.BenchmarkSize size;
    private final Callable<BenchmarkStack> stacks;
    private final BenchmarkReport report;

    /** @param stacks makes a new stack for each start */
    ColdBenchmark(Bench.BenchmarkSize size, Callable<BenchmarkStack> stacks, BenchmarkReport report) {
        this.size = size;
        this.stacks = stacks;
        this.report = report;
    }

    /** The figures of one start. */
    private record ColdStart(double secondsToReady, JsonNode burst, Map<String, Double> microsPerSignature) {

        double figure(String name) {
            return burst.get(name).asDouble();
        }

        double firstToLast() {
            return figure("acceptedPerSecondFirst10s") / figure("acceptedPerSecondLast10s");
        }
    }

    void run() throws Exception {
        for (ColdTarget target : ColdTarget.of(size.coldRates())) {
            List<ColdStart> starts = new ArrayList<>();
            for (int round = 1; round <= size.rounds(); round++) {
                report.progress("cold: start %d of %d, then %,d sign calls a second for %d s"
                        .formatted(round, size.rounds(), target.rate(), size.coldSeconds()));
                starts.add(measure(target.rate()));
            }
            report(target, starts);
        }
    }

    /**
     * A rate and its targets.
     *
     * @param millis50 the target of the median, NaN for none
     * @param millis99 the target of the 99th percentile, NaN for none
     */
    private record ColdTarget(int rate, double millis50, double millis99) {

        static List<ColdTarget> of(List<Integer> rates) {
            return rates.stream()
                    .map(rate -> switch (rate) {
                        case 1000 -> new ColdTarget(rate, 20, 500);
                        case 3334 -> new ColdTarget(rate, 100, 2000);
                        default -> new ColdTarget(rate, Double.NaN, Double.NaN);
                    })
                    .toList();
        }
    }

    private ColdStart measure(int rate) throws Exception {
        try (BenchmarkStack stack = stacks.call()) {
            long begin = System.nanoTime();
            stack.startAll();
            double toReady = (System.nanoTime() - begin) / 1e9;
            stack.publishPetition();
            ProcessHandle postgres = stack.localStack().process("PostgreSQL").orElseThrow();
            ProcessorTimes before = ProcessorTimes.now(postgres);
            Path json = Files.createTempFile(stack.logs(), "burst", ".json");
            Process load = startLoad(stack, rate, json);
            Duration loadTime = Duration.ZERO;
            while (load.isAlive()) {
                loadTime = load.info().totalCpuDuration().orElse(loadTime);
                Thread.sleep(100);
            }
            Map<String, Duration> used = ProcessorTimes.now(postgres).since(before);
            JsonNode burst = JsonMapper.builder().build().readTree(Files.readString(json));
            if (!burst.get("counterExactlyRight").asBoolean()) {
                throw new UserException("The counter is not right after a burst: " + burst);
            }
            double signatures =
                    burst.get("accepted").asDouble() + burst.get("duplicates").asDouble();
            Map<String, Double> micros = new TreeMap<>();
            used.forEach((name, time) -> micros.put(name, time.toNanos() / 1e3 / signatures));
            micros.put(LOAD_GENERATOR, loadTime.toNanos() / 1e3 / signatures);
            ColdStart start = new ColdStart(toReady, burst, micros);
            report.detail("ready after %.1f s; p50 %,.0f, p99 %,.0f, p99.9 %,.0f ms; accepted a second: %,.0f in the "
                            .formatted(
                                    toReady,
                                    start.figure("signMillisP50"),
                                    start.figure("signMillisP99"),
                                    start.figure("signMillisP99.9"),
                                    start.figure("acceptedPerSecondFirst10s"))
                    + "first 10 s, %,.0f in the last; refused for now: %,.0f; mail p50 %,.0f, p99 %,.0f ms"
                            .formatted(
                                    start.figure("acceptedPerSecondLast10s"),
                                    start.figure("refusedForNow"),
                                    start.figure("mailMillisP50"),
                                    start.figure("mailMillisP99")));
            return start;
        }
    }

    private Process startLoad(BenchmarkStack stack, int rate, Path json) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                InstalledJdk.newest().launcher().toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                // The optimising compiler would take the cores from the services in the first seconds.
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Countersign.class.getName()));
        command.addAll(stack.burstCommand(json));
        command.addAll(List.of(
                "--signatures",
                Integer.toString(rate * size.coldSeconds()),
                "--rate",
                Integer.toString(rate),
                "--verify",
                Double.toString(VERIFY),
                "--withdraw",
                Double.toString(WITHDRAW),
                "--duplicates",
                Double.toString(DUPLICATES),
                "--patience",
                "60"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(stack.logs().resolve("burst.log").toFile())
                .start();
    }

    private void report(ColdTarget target, List<ColdStart> starts) {
        String at = "cold, %,d/s: ".formatted(target.rate());
        double p50 = median(starts, start -> start.figure("signMillisP50"));
        double p99 = median(starts, start -> start.figure("signMillisP99"));
        addMillis(at + "from due to accepted, p50", p50, target.millis50());
        addMillis(at + "from due to accepted, p99", p99, target.millis99());
        report.add(
                at + "from due to accepted, p99.9",
                "%,.0f ms".formatted(median(starts, start -> start.figure("signMillisP99.9"))));
        double first = median(starts, start -> start.figure("acceptedPerSecondFirst10s"));
        double ratio = median(starts, ColdStart::firstToLast);
        report.add(
                at + "accepted in the first 10 s ÷ in the last 10 s",
                "%.2f   (%,.0f /s)".formatted(ratio, first),
                "at least 0.8",
                ratio >= 0.8);
        report.add(
                at + "sign calls a second overall",
                "%,.0f".formatted(median(starts, start -> start.figure("signCallsPerSecond"))));
        report.add(
                at + "attempts of a signer",
                "mean %.2f, most %.0f"
                        .formatted(
                                median(starts, start -> start.figure("attemptsMean")),
                                median(starts, start -> start.figure("attemptsMost"))));
        double mail = median(starts, start -> start.figure("mailMillisP99"));
        report.add(
                at + "from accepted to the mail handed over, p99",
                "%,.0f ms".formatted(mail),
                "at most 5000",
                mail <= 5000);
        report.add(at + "start to ready", "%.1f s".formatted(median(starts, ColdStart::secondsToReady)));
        addProcessorTimes(at, starts);
    }

    private void addMillis(String figure, double value, double target) {
        String text = "%,.0f ms".formatted(value);
        if (Double.isNaN(target)) {
            report.add(figure, text);
        } else {
            report.add(figure, text, "at most %.0f".formatted(target), value <= target);
        }
    }

    private void addProcessorTimes(String at, List<ColdStart> starts) {
        double all = 0;
        for (String name : starts.get(0).microsPerSignature().keySet()) {
            double micros = median(starts, start -> start.microsPerSignature().getOrDefault(name, 0.0));
            report.add(at + "processor time per signature, " + name, "%,.0f µs".formatted(micros));
            all += name.equals(LOAD_GENERATOR) ? 0 : micros;
        }
        report.add(
                at + "processor time per signature, all but the load generator",
                "%,.0f µs".formatted(all),
                "at most 300",
                all <= 300);
    }

    private interface Reading {
        double of(ColdStart start);
    }

    private static double median(List<ColdStart> starts, Reading reading) {
        return BenchmarkReport.median(starts.stream().map(reading::of).toList());
    }
}
