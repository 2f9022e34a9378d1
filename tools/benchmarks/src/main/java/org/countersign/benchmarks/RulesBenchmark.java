package org.countersign.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.countersign.benchmarks.peer.unscreened.UnscreenedService;
import org.countersign.loadtest.HttpLoad;
import org.countersign.localstack.client.UserException;

/**
 * Compares sign calls that all rules screen and that leave signals with sign calls of the same service without either,
 * in alternating rounds. The petition has long lists of mail domains and networks, and all three limits. The signers
 * have addresses of a mail provider and networks of their own, so that no rule holds a call. The last rounds sign with
 * mail domains that a rule holds. They come last, because they look like an attack.
 */
final class RulesBenchmark {

    private static final String WITH = "sign calls with all rules and signals";
    private static final String WITHOUT = "sign calls without";
    private static final String HELD = "sign calls that a rule holds";
    private static final String ALL = "all processes";
    private static final String NORMAL = "bea%d@gmail.com";
    private static final String HELD_DOMAIN = "bea@held-%d.example";
    private static final int HOLD_DOMAINS = 200;
    private static final int HOLD_NETWORKS = 150;
    private static final int OTHER_ENTRIES = 40;
    private static final long FREE = 1_000_000;
    private static final double MAX_SIGNAL_BYTES = 100;

    private final Bench.BenchmarkSize size;
    private final BenchmarkStack screened;
    private final BenchmarkStack unscreened;
    private final BenchmarkReport report;
    /** The processor time of a call in each round, by the kind of call and the name of the process. */
    private final Map<String, Map<String, List<Double>>> micros = new HashMap<>();

    /** The number of signers so far, so that each has an address of its own. */
    private long sent;

    /**
     * @param screened the stack of the product, see {@link LauncherOfVariant}
     * @param unscreened a stack whose signature service is {@link UnscreenedService}
     */
    RulesBenchmark(
            Bench.BenchmarkSize size, BenchmarkStack screened, BenchmarkStack unscreened, BenchmarkReport report) {
        this.size = size;
        this.screened = screened;
        this.unscreened = unscreened;
        this.report = report;
    }

    void run() throws Exception {
        report.progress("rules: starting the signature service with and without signing rules and signals");
        try (screened;
                unscreened) {
            start(screened);
            start(unscreened);
            report.settings(screened.durableSettings());
            new BenchmarkOrganiser(screened).put("/api/petitions/" + BenchmarkStack.PETITION + "/rules", rules());
            report.progress("rules: " + size.warmUp() + " s of warm-up each");
            warmUp(screened);
            warmUp(unscreened);
            report.progress("rules: %d rounds; %d patterns of domains and %d networks in the lists"
                    .formatted(size.rounds(), HOLD_DOMAINS + 2 * OTHER_ENTRIES, HOLD_NETWORKS + 2 * OTHER_ENTRIES));
            double heldBefore = held();
            for (int round = 0; round < size.rounds(); round++) {
                // The first measurement of a round affects the second, so the order alternates.
                if (round % 2 == 0) {
                    measure(WITH, screened, NORMAL);
                    measure(WITHOUT, unscreened, NORMAL);
                } else {
                    measure(WITHOUT, unscreened, NORMAL);
                    measure(WITH, screened, NORMAL);
                }
            }
            if (held() > heldBefore) {
                throw new UserException("A rule held calls that no rule should hold.");
            }
            for (int round = 0; round < size.rounds(); round++) {
                measure(HELD, screened, HELD_DOMAIN);
            }
            report();
        }
    }

    private static void start(BenchmarkStack stack) throws InterruptedException {
        stack.localStack().startServers();
        // The limits hold for each client that the load generator names.
        stack.start(
                "signature-service",
                Map.of("COUNTERSIGN_LIMIT_EXEMPT", "", "COUNTERSIGN_TRUSTED_PROXIES", "127.0.0.0/8,::1"));
        stack.publishPetition();
    }

    /** Signs for the time of a round, and records the rate and the processor time of a call. */
    private void measure(String name, BenchmarkStack stack, String address) throws Exception {
        ProcessHandle postgres = stack.localStack().process("PostgreSQL").orElseThrow();
        ProcessorTimes before = ProcessorTimes.now(postgres);
        long sentBefore = sent;
        report.round(name, sign(stack, address, size.seconds()));
        double all = 0;
        for (Map.Entry<String, Duration> part :
                ProcessorTimes.now(postgres).since(before).entrySet()) {
            if (!part.getKey().equals(ProcessorTimes.MAILBOX)) {
                double used = part.getValue().toNanos() / 1e3 / (sent - sentBefore);
                record(name, part.getKey(), used);
                all += used;
            }
        }
        record(name, ALL, all);
    }

    private void record(String name, String process, double used) {
        micros.computeIfAbsent(name, key -> new TreeMap<>())
                .computeIfAbsent(process, key -> new ArrayList<>())
                .add(used);
    }

    private void warmUp(BenchmarkStack stack) throws IOException, InterruptedException {
        long[] signers = new long[1];
        SignLoad.warmUp(stack.ports().signatureService(), size.clients(), size.warmUp(), requests(NORMAL, signers));
        sent += signers[0];
        stack.settle();
    }

    /** @param signers its first element counts the requests */
    private LongFunction<byte[]> requests(String address, long[] signers) {
        long first = sent;
        return signer -> {
            signers[0]++;
            return HttpLoad.postFor(client(signer), SignLoad.PATH, SignLoad.form(address.formatted(first + signer)));
        };
    }

    private double sign(BenchmarkStack stack, String address, int seconds) throws IOException, InterruptedException {
        long[] signers = new long[1];
        double perSecond =
                SignLoad.run(stack.ports().signatureService(), size.clients(), seconds, requests(address, signers));
        sent += signers[0];
        stack.settle();
        return perSecond;
    }

    /** Half of the clients have IPv6. */
    private static String client(long signer) {
        return signer % 2 == 0
                ? "10.%d.%d.%d".formatted(signer >> 16 & 255, signer >> 8 & 255, signer & 255)
                : "2001:db8:%x:%x::1".formatted(signer >> 16 & 0xffff, signer & 0xffff);
    }

    private double held() {
        return screened.metrics(screened.ports().signatureServiceManagement())
                .sum("countersign_signings_held_total", "");
    }

    private void report() throws Exception {
        report.ratio("sign calls with all rules and signals ÷ without", WITH, WITHOUT, 0.95);
        report.ratio("sign calls that a rule holds ÷ without rules and signals", HELD, WITHOUT, 0.5);
        report.add(
                "processor time of a sign call, with rules and signals ÷ without",
                "%.2f   (%.0f µs ÷ %.0f µs)"
                        .formatted(used(WITH, ALL) / used(WITHOUT, ALL), used(WITH, ALL), used(WITHOUT, ALL)));
        micros.getOrDefault(WITH, Map.of())
                .keySet()
                .forEach(process -> report.detail(
                        "%s: %.0f µs and %.0f µs".formatted(process, used(WITH, process), used(WITHOUT, process))));
        double lost = screened.metrics(screened.ports().signatureServiceManagement())
                .sum("countersign_signals_lost_total", "");
        report.add("sign calls whose signals were lost", "%,.0f".formatted(lost), "0", lost == 0);
        double bytes = (double) screened.number(
                        "signature_service",
                        "select sum(pg_total_relation_size(inhrelid)) from pg_inherits"
                                + " where inhparent = 'signing_signal'::regclass")
                / screened.number("signature_service", "select count(*) from signing_signal");
        report.atMost("bytes of signals a signature", bytes, "with index", MAX_SIGNAL_BYTES);
    }

    private double used(String name, String process) {
        List<Double> rounds = micros.getOrDefault(name, Map.of()).getOrDefault(process, List.of());
        return rounds.isEmpty() ? 0 : BenchmarkReport.median(rounds);
    }

    /** Rules that hold no client of the load, and no mail domain but those that begin with "held-". */
    private static Map<String, Object> rules() {
        Map<String, Object> rules = new LinkedHashMap<>();
        rules.put(
                "hold",
                Map.of(
                        "domains",
                        Stream.concat(
                                        Stream.of("held-*.example"),
                                        domains("*.hold-%d.test", "bot%d-*.test", HOLD_DOMAINS))
                                .toList(),
                        "networks",
                        networks(HOLD_NETWORKS, "198.18.%d.0/24", "2001:db9:%x::/48")));
        rules.put(
                "block",
                Map.of(
                        "domains",
                        domains("*.block-%d.test", "evil%d.test", OTHER_ENTRIES).toList(),
                        "networks",
                        networks(OTHER_ENTRIES, "198.19.%d.7", "2001:dba:%x::/64")));
        rules.put(
                "allow",
                Map.of(
                        "domains",
                        domains("*.uni-%d.test", "paper%d.test", OTHER_ENTRIES).toList(),
                        "networks",
                        networks(OTHER_ENTRIES, "203.0.113.%d", "2001:dbb:%x::/48")));
        rules.put(
                "limits",
                Map.of(
                        "domain",
                        Map.of("burst", 5, "perMinute", 2),
                        "network",
                        Map.of("burst", FREE, "perMinute", FREE),
                        "petition",
                        Map.of("burst", FREE, "perMinute", FREE)));
        rules.put("reason", "the benchmark measures what rules cost");
        return rules;
    }

    /** Returns half of the entries in each form. */
    private static Stream<String> domains(String even, String odd, int entries) {
        return IntStream.range(0, entries).mapToObj(i -> (i % 2 == 0 ? even : odd).formatted(i));
    }

    private static List<String> networks(int entries, String ipv4, String ipv6) {
        return IntStream.range(0, entries)
                .mapToObj(i -> (i % 2 == 0 ? ipv4 : ipv6).formatted(i))
                .toList();
    }
}
