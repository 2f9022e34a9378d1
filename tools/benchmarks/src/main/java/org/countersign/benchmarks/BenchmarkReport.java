package org.countersign.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.countersign.localstack.InstalledJdk;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints the figures during the measurements and as a table at the end. */
final class BenchmarkReport {

    /** A row of the table. Target and result are null for a figure without a target. */
    private record Figure(
            String name,
            String value,
            @Nullable String target,
            @Nullable Boolean reached) {}

    private final PrintWriter out;
    private final @Nullable Path json;
    private final long start = System.nanoTime();
    private final Map<String, Object> machine = new LinkedHashMap<>();
    private final Map<String, String> settings = new TreeMap<>();
    private final Map<String, List<Double>> rounds = new LinkedHashMap<>();
    private final List<Figure> figures = new ArrayList<>();

    BenchmarkReport(PrintWriter out, @Nullable Path json) {
        this.out = out;
        this.json = json;
    }

    void begin(Bench.BenchmarkSize size) throws IOException {
        machine.put("at", Instant.now().toString());
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("cpu", firstValue(Path.of("/proc/cpuinfo"), "model name"));
        machine.put("memory", firstValue(Path.of("/proc/meminfo"), "MemTotal"));
        machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put(
                "services run on", InstalledJdk.newest().home().getFileName().toString());
        machine.put("heap of each Java process", "256 MiB (Kafka 320)");
        machine.put("measured", size.toString());
        machine.forEach((name, value) -> out.printf("%-28s %s%n", name, value));
        out.flush();
    }

    private static String firstValue(Path file, String name) throws IOException {
        if (!Files.isReadable(file)) {
            return "unknown";
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    void settings(Map<String, String> readBack) {
        readBack.forEach((name, value) -> {
            if (settings.put(name, value) == null) {
                out.printf("%-28s %s%n", name, value);
            }
        });
        out.flush();
    }

    /** Prints the current step. */
    void progress(String text) {
        out.printf("%n[%4d s] %s%n", (System.nanoTime() - start) / 1_000_000_000, text);
        out.flush();
    }

    /** Records and prints the result of one round, in units per second. */
    void round(String name, double perSecond) {
        rounds.computeIfAbsent(name, key -> new ArrayList<>()).add(perSecond);
        out.printf("    %-44s %,12.0f /s%n", name, perSecond);
        out.flush();
    }

    /** Prints what one round shows beside its rate. */
    void detail(String text) {
        out.printf("    %s%n", text);
        out.flush();
    }

    double median(String name) {
        return median(rounds.getOrDefault(name, List.of()));
    }

    /** Returns the median of at least one value. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Adds the ratio of two medians, with a lower limit as its target. */
    void ratio(String figure, String measured, String comparedWith, double atLeast) {
        double ratio = median(measured) / median(comparedWith);
        add(
                figure,
                "%.2f   (%,.0f /s ÷ %,.0f /s)".formatted(ratio, median(measured), median(comparedWith)),
                "at least " + atLeast,
                ratio >= atLeast);
    }

    /** Adds a figure with an upper limit as its target. */
    void atMost(String figure, double value, String how, double atMost) {
        add(figure, "%.2f   (%s)".formatted(value, how), "at most " + atMost, value <= atMost);
    }

    /** Adds a figure without a target. */
    void add(String figure, String value) {
        addFigure(new Figure(figure, value, null, null));
    }

    /** Adds a figure with a target. */
    void add(String figure, String value, String target, boolean reached) {
        addFigure(new Figure(figure, value, target, reached));
    }

    private void addFigure(Figure figure) {
        figures.add(figure);
        out.printf("  = %s: %s%n", figure.name, figure.value);
        out.flush();
    }

    void end() throws IOException {
        progress("measured");
        out.printf("%n%-62s %-46s %-14s%n", "figure", "measured", "to reach");
        for (Figure figure : figures) {
            out.printf(
                    "%-62s %-46s %-14s %s%n",
                    figure.name,
                    figure.value,
                    figure.target == null ? "" : figure.target,
                    figure.reached == null ? "" : figure.reached ? "reached" : "falls short");
        }
        out.flush();
        if (json != null) {
            if (json.getParent() != null) {
                Files.createDirectories(json.getParent());
            }
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("machine", machine);
            all.put("settings", settings);
            all.put("figures", figures);
            all.put("rounds", rounds);
            all.put("seconds", (System.nanoTime() - start) / 1_000_000_000);
            Files.writeString(
                    json,
                    JsonMapper.builder()
                                    .enable(SerializationFeature.INDENT_OUTPUT)
                                    .build()
                                    .writeValueAsString(all)
                            + System.lineSeparator());
        }
    }
}
