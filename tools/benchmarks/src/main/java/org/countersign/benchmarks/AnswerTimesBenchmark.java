package org.countersign.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.countersign.loadtest.SseClients;
import org.countersign.localstack.client.UserException;

/**
 * Compares the time of a sign call for addresses of each status. A difference would tell a stranger who has signed. The
 * calls of all kinds are in random order on one connection.
 */
final class AnswerTimesBenchmark {

    private static final int SEED = 7;
    private static final int HISTOGRAM_BARS = 16;
    private static final int BAR_LENGTH = 60;
    private static final double TOLERANCE = 0.05;

    /** What the service knows of an address before the call. */
    private enum AddressKind {
        NEW("new"),
        PENDING("pending"),
        VERIFIED("viewer");

        private final String prefix;

        AddressKind(String prefix) {
            this.prefix = prefix;
        }

        String address(int number) {
            return prefix + "-" + number + "@bench.example";
        }
    }

    private record SignCall(AddressKind kind, int number) {}

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stack;
    private final BenchmarkReport report;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    AnswerTimesBenchmark(Bench.BenchmarkSize size, BenchmarkStack stack, BenchmarkReport report) {
        this.size = size;
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        report.progress("answers: starting the signature service");
        try (stack) {
            stack.localStack().startServers();
            stack.start("signature-service");
            stack.publishPetition();
            report.settings(stack.durableSettings());
            ConfirmationLoad verified = new ConfirmationLoad(stack);
            verified.sign(size.calls());
            verified.confirm(new SseClients.ConfirmationTimes(stack.logs().resolve("confirmed"), size.calls()), 0);
            for (int i = 0; i < size.calls(); i++) {
                sign(AddressKind.PENDING.address(i));
            }
            report.progress("answers: " + size.warmUp() + " s of warm-up");
            SignLoad.warmUp(stack.ports().signatureService(), size.clients(), size.warmUp());
            stack.settle();
            report.progress("answers: %,d sign calls of each kind".formatted(size.calls()));
            report(measure());
        }
    }

    private Map<AddressKind, List<Double>> measure() throws IOException, InterruptedException {
        List<SignCall> calls = new ArrayList<>();
        Map<AddressKind, List<Double>> millis = new EnumMap<>(AddressKind.class);
        for (AddressKind kind : AddressKind.values()) {
            millis.put(kind, new ArrayList<>());
            for (int i = 0; i < size.calls(); i++) {
                calls.add(new SignCall(kind, i));
            }
        }
        Collections.shuffle(calls, new Random(SEED));
        for (SignCall call : calls) {
            long start = System.nanoTime();
            sign(call.kind().address(call.number()));
            millis.getOrDefault(call.kind(), List.of()).add((System.nanoTime() - start) / 1e6);
        }
        return millis;
    }

    private void sign(String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                        + stack.ports().signatureService() + "/api/petitions/" + BenchmarkStack.PETITION
                        + "/signatures"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"name\":\"Vera Viewer\",\"email\":\"" + address + "\",\"country\":\"AM\"}"))
                .build();
        HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
        if (response.statusCode() != 202) {
            throw new UserException("A sign call ended with status " + response.statusCode() + ".");
        }
    }

    private void report(Map<AddressKind, List<Double>> millis) {
        List<Double> all =
                millis.values().stream().flatMap(List::stream).sorted().toList();
        millis.forEach((kind, times) -> {
            Collections.sort(times);
            report.progress("answers to %s addresses: p10 %.2f, p25 %.2f, p50 %.2f, p75 %.2f, p90 %.2f, p99 %.2f ms%n%s"
                    .formatted(
                            kind.name().toLowerCase(Locale.ROOT),
                            quantile(times, 0.1),
                            quantile(times, 0.25),
                            quantile(times, 0.5),
                            quantile(times, 0.75),
                            quantile(times, 0.9),
                            quantile(times, 0.99),
                            histogram(times, quantile(all, 0.01), quantile(all, 0.99))));
        });
        double fresh = quantile(millis.getOrDefault(AddressKind.NEW, List.of()), 0.5);
        for (AddressKind kind : List.of(AddressKind.PENDING, AddressKind.VERIFIED)) {
            double median = quantile(millis.getOrDefault(kind, List.of()), 0.5);
            report.add(
                    "median of an answer, %s ÷ new address"
                            .formatted(kind.name().toLowerCase(Locale.ROOT)),
                    "%.3f   (%.2f ms ÷ %.2f ms)".formatted(median / fresh, median, fresh),
                    "0.95 to 1.05",
                    Math.abs(median / fresh - 1) <= TOLERANCE);
        }
    }

    /** Returns a value of a sorted list. */
    private static double quantile(List<Double> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size()));
    }

    /** Returns a bar for each range of times. The first and the last range have no end. */
    private static String histogram(List<Double> times, double from, double to) {
        int[] counts = new int[HISTOGRAM_BARS];
        for (double time : times) {
            int bar = (int) ((time - from) / (to - from) * HISTOGRAM_BARS);
            counts[Math.max(0, Math.min(HISTOGRAM_BARS - 1, bar))]++;
        }
        int highest = Arrays.stream(counts).max().orElse(1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < HISTOGRAM_BARS; i++) {
            lines.add("    %6.2f ms %5d %s"
                    .formatted(
                            from + i * (to - from) / HISTOGRAM_BARS,
                            counts[i],
                            "#".repeat(counts[i] * BAR_LENGTH / highest)));
        }
        return lines.stream().collect(Collectors.joining("\n"));
    }
}
