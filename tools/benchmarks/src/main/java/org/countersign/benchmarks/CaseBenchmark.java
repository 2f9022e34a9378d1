package org.countersign.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;

/**
 * Measures sign calls and the delay of the counts beside a case that invalidates many signatures, and without one:
 * rounds before the case, rounds as long as it runs, and rounds after it. The public log is off, because it would have
 * to catch up with the signatures that the benchmark writes.
 */
final class CaseBenchmark {

    private static final String WITH = "sign calls beside a case";
    private static final String WITHOUT = "sign calls without a case";
    /** The rate at which the delay of the counts is measured. The counter keeps up with it in any case. */
    private static final int STEADY_PER_SECOND = 500;

    private static final int DEFAULT_RATE = 500;
    private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(20);

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack stack;
    private final BenchmarkReport report;
    private final Map<String, List<Double>> delays = new HashMap<>();
    private int loads;

    CaseBenchmark(Bench.BenchmarkSize size, BenchmarkStack stack, BenchmarkReport report) {
        this.size = size;
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        report.progress("case: writing signatures, of which a case takes %,d".formatted(size.invalidations()));
        try (stack) {
            stack.localStack().startServers();
            stack.startWithoutPublicLog();
            stack.publishPetition();
            report.settings(stack.durableSettings());
            stack.localStack().stopService("signature-service");
            new EventLogFiller(stack).append(EventLogFiller.eventsFor(size.invalidations() * 8L / 7));
            stack.startWithoutPublicLog();
            stack.start("counter-projection");
            try (CountDelay counter = new CountDelay(stack)) {
                report.progress("case: " + size.warmUp() + " s of warm-up");
                SignLoad.warmUp(stack.ports().signatureService(), size.clients(), size.warmUp());
                measure(counter);
            }
        }
    }

    private void measure(CountDelay counter) throws Exception {
        report.progress("case: " + size.rounds() + " rounds without a case");
        withoutCase(counter);
        BenchmarkOrganiser organiser = new BenchmarkOrganiser(stack);
        String open = organiser
                .post(
                        "/api/petitions/" + BenchmarkStack.PETITION + "/cases",
                        Map.of(
                                "criteria", Map.of("countries", EventLogFiller.COUNTRIES_WITHOUT_LOAD),
                                "reason", "the benchmark invalidates them",
                                "publicReason", "These signatures are invalidated by a benchmark."))
                .path("id")
                .asString();
        JsonNode running = awaitNot("open", organiser, open);
        report.progress("case: it invalidates %,d signatures"
                .formatted(running.path("matched").asLong()));
        boolean runs = true;
        while (runs) {
            Round round = round(counter);
            runs = state(organiser, open).path("state").asString().equals("running");
            // The case ended within the last round. A small case has no other one.
            if (runs || !delays.containsKey(WITH)) {
                add(WITH, round);
            }
        }
        JsonNode done = awaitNot("running", organiser, open);
        report.progress("case: " + size.rounds() + " rounds after it");
        withoutCase(counter);
        report(done);
    }

    private void withoutCase(CountDelay counter) throws Exception {
        for (int i = 0; i < size.rounds(); i++) {
            add(WITHOUT, round(counter));
        }
    }

    /**
     * What a round shows.
     *
     * @param perSecond sign calls per second, as many as the service accepts
     * @param delays from an event to its count in milliseconds, at a rate that the service can hold for ever
     */
    private record Round(double perSecond, List<Double> delays) {}

    private Round round(CountDelay counter) throws Exception {
        double perSecond = SignLoad.run(stack.ports().signatureService(), size.clients(), size.seconds());
        stack.settle();
        counter.awaitCounted();
        SteadySigners steady = SteadySigners.start(stack, "steady-" + ++loads, STEADY_PER_SECOND);
        List<Double> measured = counter.measure(size.seconds());
        steady.end();
        return new Round(perSecond, measured);
    }

    private void add(String name, Round round) {
        report.round(name, round.perSecond());
        report.detail("delay of the counts: median %.0f ms".formatted(BenchmarkReport.median(round.delays())));
        delays.computeIfAbsent(name, key -> new ArrayList<>()).addAll(round.delays());
    }

    private JsonNode state(BenchmarkOrganiser organiser, String id) throws Exception {
        return organiser.get("/api/cases/" + id);
    }

    /** Waits until a case has left a state. */
    private JsonNode awaitNot(String state, BenchmarkOrganiser organiser, String id) throws Exception {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        JsonNode one = state(organiser, id);
        while (one.path("state").asString().equals(state)) {
            if (System.nanoTime() > deadline) {
                throw new UserException("The case is still " + state + ": " + one);
            }
            TimeUnit.MILLISECONDS.sleep(200);
            one = state(organiser, id);
        }
        return one;
    }

    private void report(JsonNode done) {
        report.ratio("sign calls beside a case ÷ without", WITH, WITHOUT, 0.9);
        double with = BenchmarkReport.median(delays.getOrDefault(WITH, List.of()));
        double without = BenchmarkReport.median(delays.getOrDefault(WITHOUT, List.of()));
        report.atMost(
                "delay of the counts beside a case ÷ without",
                with / without,
                "median, %.0f ms ÷ %.0f ms".formatted(with, without),
                1.25);
        long invalidated = done.path("invalidated").asLong();
        double seconds = Duration.between(
                                Instant.parse(done.path("openedAt").asString()),
                                Instant.parse(done.path("endedAt").asString()))
                        .toMillis()
                / 1e3;
        report.add(
                "invalidations a second ÷ COUNTERSIGN_CASES_PER_SECOND",
                "%.2f   (%,d in %.0f s)".formatted(invalidated / seconds / DEFAULT_RATE, invalidated, seconds));
    }
}
