package org.countersign.faulttest;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.StreamedCall;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.net.Route;
import org.countersign.localstack.server.Directories;
import org.countersign.localstack.server.PostgresCluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Injects many faults into a separate stack under load. It verifies from outside that every number is right afterwards.
 */
@Command(
        name = "faults",
        mixinStandardHelpOptions = true,
        description = {
            "Inject faults into a separate stack and verify its numbers.",
            "The command injects one fault after the other under load. It verifies that nothing is lost or duplicated.",
            "Exit status 0 if all invariants hold."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public class FaultsCommand implements Callable<Integer> {

    /** A smaller case ends before the instance can die. */
    private static final int MIN_CASE_SIZE = 500;

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Random seed; determines the order of faults (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "10",
            description = "Minutes after which no further fault starts (${DEFAULT-VALUE}).")
    private int minutes;

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Maximum number of faults (${DEFAULT-VALUE}).")
    private int most;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of instances of each service. With 2, some faults affect only one of them "
                    + "(${DEFAULT-VALUE}).")
    private int replicas;

    @Option(
            names = "--cluster",
            description = {
                "Break a stack with replicated servers and two instances of each service.",
                "Needs Linux, because it reads /proc to find out which part opened a connection."
            })
    private boolean cluster;

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            description =
                    "Run only faults with this text in their name. Repeat the option for more faults, in this order.")
    private List<String> only = List.of();

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "10",
            description = "New signers per second (${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--case-size",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Signatures of a case, and ten times the held calls of a release (${DEFAULT-VALUE}).")
    private int caseSize;

    @Override
    public Integer call() throws Exception {
        if (minutes < 1 || most < 1 || replicas < 1 || !(rate > 0)) {
            throw new UserException("--minutes, --most, --replicas and --rate must be above 0.");
        }
        if (caseSize < MIN_CASE_SIZE) {
            throw new UserException("--case-size must be " + MIN_CASE_SIZE + " or more.");
        }
        if (cluster && replicas != 1) {
            throw new UserException("--cluster starts two instances of each service. Omit --replicas.");
        }
        (cluster ? StackLayout.cluster(PostgresCluster.CommitPolicy.REQUIRED, Route.DIRECT) : StackLayout.PLAIN)
                .requireFreePorts(ports);
        Path home = Path.of(System.getProperty("countersign.home", "."));
        Path data = Files.createTempDirectory(Files.createDirectories(home.resolve("target")), "faults");
        Files.createDirectories(data.resolve("logs"));
        boolean keep = true;
        try {
            keep = !run(home, data);
        } finally {
            if (keep) {
                out().println("The data is kept in " + data);
            } else {
                Directories.delete(data);
            }
        }
        return keep ? 1 : 0;
    }

    private boolean run(Path home, Path data) throws InterruptedException {
        try (FaultStack stack = stack(home, data);
                SignerGroups groups = new SignerGroups(ports.mailbox())) {
            AtomicReference<KafkaObserver> kafka = new AtomicReference<>();
            ScreeningFaults screening = new ScreeningFaults(stack, groups, new Random(seed), caseSize);
            List<Fault> faults = chosen(
                    cluster
                            ? FaultCatalog.ofCluster(stack, kafka::get)
                            : FaultCatalog.of(stack, kafka::get, screening, replicas));
            Thread shutdownHook = new Thread(stack::close, "close");
            Runtime.getRuntime().addShutdownHook(shutdownHook);
            out().println("Starting the stack …");
            out().flush();
            stack.start();
            boolean exact = injectFaults(stack, faults, groups, kafka);
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
            return exact;
        }
    }

    private FaultStack stack(Path home, Path data) {
        BiConsumer<String, String> statusListener = (part, status) -> {};
        return cluster
                ? FaultStack.cluster(ports, home, data, statusListener)
                : FaultStack.single(ports, home, data, replicas, statusListener);
    }

    private boolean injectFaults(
            FaultStack stack, List<Fault> faults, SignerGroups groups, AtomicReference<KafkaObserver> observer)
            throws InterruptedException {
        // The signers have a separate random generator, so that the order of faults does not depend on them.
        Random random = new Random(seed);
        try (KafkaObserver kafka = new KafkaObserver(stack.kafkaServers());
                PublicLogObserver publicLog = new PublicLogObserver(stack.signatureServiceUrls());
                SignerPopulation signers = new SignerPopulation(
                        stack.portForSigners(),
                        ports.mailbox(),
                        new Random(~seed),
                        rate,
                        stack.losses()::hasLostData)) {
            observer.set(kafka);
            InvariantCheck check = new InvariantCheck(
                    ports,
                    stack.auditor(),
                    signers,
                    kafka,
                    publicLog,
                    stack.receiver(),
                    groups,
                    stack.losses()::hasLostData);
            Experiment experiment = new Experiment(stack, signers, check, random);
            List<Experiment.ExperimentResult> results = new ArrayList<>();
            ProgressBar progress = new ProgressBar(out());
            long from = System.nanoTime();
            long maxNanos = Duration.ofMinutes(minutes).toNanos();
            List<String> wrong = new ArrayList<>();
            while (wrong.isEmpty() && results.size() < most && System.nanoTime() - from < maxNanos) {
                if (results.size() % faults.size() == 0 && only.isEmpty()) {
                    Collections.shuffle(faults, random);
                }
                Fault fault = faults.get(results.size() % faults.size());
                double done = Math.max((double) results.size() / most, (double) (System.nanoTime() - from) / maxNanos);
                progress.show(
                        done,
                        "%,d faults, %,d events; now: %s".formatted(results.size(), check.events(), fault.name()));
                Experiment.ExperimentResult result = experiment.run(fault);
                results.add(result);
                progress.end();
                out().printf(
                                "%-60s ready after %5.1f s, settled after %5.1f s%s%n",
                                result.fault(),
                                seconds(result.ready()),
                                seconds(result.settled()),
                                result.wrong().isEmpty() ? "" : ", WRONG");
                out().flush();
                result.wrong().forEach(what -> wrong.add(fault.name() + ": " + what));
            }
            progress.end();
            if (wrong.isEmpty()) {
                check.recheckAll();
                experiment.awaitSettled(wrong);
                reconcile(stack, kafka, wrong);
                replay(stack, wrong);
            }
            print(results, check, signers);
            wrong.forEach(what -> out().println("WRONG  " + what));
            out().flush();
            return wrong.isEmpty();
        }
    }

    private List<Fault> chosen(List<Fault> all) {
        if (only.isEmpty()) {
            return all;
        }
        List<Fault> chosen = new ArrayList<>();
        for (String text : only) {
            List<Fault> found =
                    all.stream().filter(fault -> fault.name().contains(text)).toList();
            if (found.isEmpty()) {
                throw new UserException("--only must be part of one of these, and \"" + text + "\" is not: "
                        + String.join("; ", all.stream().map(Fault::name).toList()));
            }
            found.stream().filter(fault -> !chosen.contains(fault)).forEach(chosen::add);
        }
        return chosen;
    }

    /** Verifies that the service's reconciliation finds exactly the records that the faults have added. */
    private void reconcile(FaultStack stack, KafkaObserver kafka, List<String> wrong) {
        List<String> differences = new ArrayList<>();
        try {
            new StreamedCall("signature service", ports.signatureService(), stack.auditor(), new ProgressBar(out()))
                    .run("GET", "/api/audit/reconcile", line -> differences.add(line.toString()));
        } catch (UserException e) {
            wrong.add("reconcile: " + e.getMessage());
        }
        int expected = kafka.unreadableEvents();
        if (differences.size() != expected) {
            wrong.add("reconcile finds " + differences.size() + " differences instead of " + expected);
            differences.stream().limit(5).forEach(wrong::add);
        }
    }

    /** Verifies that a replay of the whole history finds no problem. */
    private void replay(FaultStack stack, List<String> wrong) {
        try {
            long problems = new StreamedCall(
                            "signature service", ports.signatureService(), stack.auditor(), new ProgressBar(out()))
                    .run("GET", "/api/audit/replay", line -> {})
                    .path("problems")
                    .asLong();
            if (problems > 0) {
                wrong.add("replay finds " + problems + " problems");
            }
        } catch (UserException e) {
            wrong.add("replay: " + e.getMessage());
        }
    }

    private void print(List<Experiment.ExperimentResult> results, InvariantCheck check, SignerPopulation signers) {
        Map<String, List<Experiment.ExperimentResult>> byFault = new LinkedHashMap<>();
        results.stream()
                .sorted(Comparator.comparing(Experiment.ExperimentResult::fault))
                .forEach(one -> byFault.computeIfAbsent(one.fault(), name -> new ArrayList<>())
                        .add(one));
        out().printf("%n| fault | times | wrong | calls made again | longest without a signature, "
                + "s | all ready after, s | all settled after, s |%n");
        out().printf("| --- | ---: | ---: | ---: | ---: | ---: | ---: |%n");
        byFault.forEach((fault, all) -> out().printf(
                        "| %s | %d | %d | %d | %s | %s | %s |%n",
                        fault,
                        all.size(),
                        all.stream().filter(one -> !one.wrong().isEmpty()).count(),
                        all.stream()
                                .mapToLong(Experiment.ExperimentResult::retriedRequests)
                                .sum(),
                        range(all.stream().map(Experiment.ExperimentResult::gap)),
                        range(all.stream().map(Experiment.ExperimentResult::ready)),
                        range(all.stream().map(Experiment.ExperimentResult::settled))));
        InvariantCheck.DuplicateDeliveries repeats = check.repeats();
        out().printf(
                        "%n%,d faults with seed %d and %s; %,d signers, %,d events, %,d milestones, "
                                + "%,d heads of the public log%n",
                        results.size(),
                        seed,
                        cluster ? "replicated servers" : replicas + " of each service",
                        signers.all().size(),
                        check.events(),
                        check.milestones(),
                        check.publicHeads());
        out().printf(
                        "duplicates with the same id: %,d mails, %,d webhook calls, %,d milestone records%n",
                        repeats.mails(), repeats.webhooks(), repeats.milestoneRecords());
    }

    /** Formats the median and the maximum, in seconds. */
    private static String range(Stream<Duration> durations) {
        List<Duration> sorted = durations.sorted().toList();
        return "%.1f … %.1f".formatted(seconds(sorted.get(sorted.size() / 2)), seconds(sorted.get(sorted.size() - 1)));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
