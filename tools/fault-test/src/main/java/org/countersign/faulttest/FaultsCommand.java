package org.countersign.faulttest;

import java.io.IOException;
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
import java.util.stream.Stream;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.StreamedCall;
import org.countersign.localstack.client.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Breaks a stack of its own in many ways while people sign, and proves from outside that every number is right
 * afterwards.
 */
@Command(
        name = "faults",
        mixinStandardHelpOptions = true,
        description =
                "Starts a stack of its own, breaks it in one way after the other while people sign, and checks after each that nothing was lost, "
                        + "counted twice or told twice. Exit status 0 only if everything was right.")
public class FaultsCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Another seed has other faults come in another order (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "10",
            description = "Begins no further fault after so many minutes (${DEFAULT-VALUE}).")
    private int minutes;

    @Option(names = "--most", paramLabel = "N", defaultValue = "100000", description = "At most so many faults.")
    private int most;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How many instances of each service run; with 2, one of them is broken, or restarted, too (${DEFAULT-VALUE}).")
    private int replicas;

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            description = "Only faults with this in their name; may be given several times, and is the order then.")
    private List<String> only = List.of();

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "10",
            description = "How many people come in a second (${DEFAULT-VALUE}).")
    private double rate;

    @Override
    public Integer call() throws Exception {
        if (minutes < 1 || most < 1 || replicas < 1 || !(rate > 0)) {
            throw new UserException("--minutes, --most, --replicas and --rate must be above 0.");
        }
        ports.requireFree();
        Path home = Path.of(System.getProperty("countersign.home", "."));
        Path data = Files.createTempDirectory(Files.createDirectories(home.resolve("target")), "faults");
        Files.createDirectories(data.resolve("logs"));
        boolean keep = true;
        try {
            keep = !run(home, data);
        } finally {
            if (keep) {
                out().println("What was there is kept in " + data);
            } else {
                delete(data);
            }
        }
        return keep ? 1 : 0;
    }

    private boolean run(Path home, Path data) throws InterruptedException {
        try (FaultStack site = new FaultStack(ports, home, data, replicas, (part, what) -> {})) {
            Thread atEnd = new Thread(site::close, "close");
            Runtime.getRuntime().addShutdownHook(atEnd);
            out().println("Starting a stack to break …");
            out().flush();
            site.start();
            boolean exact = breakIt(site);
            Runtime.getRuntime().removeShutdownHook(atEnd);
            return exact;
        }
    }

    private boolean breakIt(FaultStack site) throws InterruptedException {
        // People use theirs when they come: the order of faults must not depend on that.
        Random random = new Random(seed);
        try (KafkaObserver kafka = new KafkaObserver(site.kafkaServers());
                SignerPopulation people = new SignerPopulation(
                        site.signatureService().port(), ports.mailbox(), new Random(~seed), rate)) {
            InvariantCheck proof = new InvariantCheck(ports, site.auditor(), people, kafka, site.receiver());
            Experiment trial = new Experiment(site, people, proof, random);
            List<Fault> faults = chosen(FaultCatalog.of(site, kafka, replicas));
            List<Experiment.Outcome> outcomes = new ArrayList<>();
            ProgressBar progress = new ProgressBar(out());
            long from = System.nanoTime();
            long longest = Duration.ofMinutes(minutes).toNanos();
            List<String> wrong = new ArrayList<>();
            while (wrong.isEmpty() && outcomes.size() < most && System.nanoTime() - from < longest) {
                if (outcomes.size() % faults.size() == 0 && only.isEmpty()) {
                    Collections.shuffle(faults, random);
                }
                Fault fault = faults.get(outcomes.size() % faults.size());
                double done = Math.max((double) outcomes.size() / most, (double) (System.nanoTime() - from) / longest);
                progress.show(
                        done,
                        "%,d faults, %,d events; now: %s".formatted(outcomes.size(), proof.events(), fault.name()));
                Experiment.Outcome outcome = trial.run(fault);
                outcomes.add(outcome);
                progress.end();
                out().printf(
                                "%-60s ready after %5.1f s, settled after %5.1f s%s%n",
                                outcome.fault(),
                                seconds(outcome.ready()),
                                seconds(outcome.settled()),
                                outcome.wrong().isEmpty() ? "" : ", WRONG");
                out().flush();
                outcome.wrong().forEach(what -> wrong.add(fault.name() + ": " + what));
            }
            progress.end();
            if (wrong.isEmpty()) {
                proof.startOver();
                trial.awaitRest(wrong);
                reconcile(site, kafka, wrong);
            }
            print(outcomes, proof, people);
            wrong.forEach(what -> out().println("WRONG  " + what));
            out().flush();
            return wrong.isEmpty();
        }
    }

    private List<Fault> chosen(List<Fault> all) {
        if (only.isEmpty()) {
            return all;
        }
        List<Fault> chosen = only.stream()
                .flatMap(text -> all.stream().filter(fault -> fault.name().contains(text)))
                .distinct()
                .toList();
        if (chosen.isEmpty()) {
            throw new UserException("--only must be part of one of these: "
                    + String.join("; ", all.stream().map(Fault::name).toList()));
        }
        return chosen;
    }

    /** The service's own comparison must find what we have put there, and nothing else. */
    private void reconcile(FaultStack site, KafkaObserver kafka, List<String> wrong) {
        List<String> differences = new ArrayList<>();
        try {
            new StreamedCall("signature service", ports.signatureService(), site.auditor(), new ProgressBar(out()))
                    .run("GET", "/api/audit/reconcile", line -> differences.add(line.toString()));
        } catch (UserException e) {
            wrong.add("reconcile: " + e.getMessage());
        }
        int expected = kafka.unreadableEvents();
        if (differences.size() != expected) {
            wrong.add("reconcile finds " + differences.size() + " differences, there should be " + expected);
            differences.stream().limit(5).forEach(wrong::add);
        }
    }

    private void print(List<Experiment.Outcome> outcomes, InvariantCheck proof, SignerPopulation people) {
        Map<String, List<Experiment.Outcome>> byFault = new LinkedHashMap<>();
        outcomes.stream()
                .sorted(Comparator.comparing(Experiment.Outcome::fault))
                .forEach(one -> byFault.computeIfAbsent(one.fault(), name -> new ArrayList<>())
                        .add(one));
        out().printf(
                        "%n| fault | times | wrong | calls made again | longest without a signature, s | all ready after, s | all settled after, s |%n");
        out().printf("| --- | ---: | ---: | ---: | ---: | ---: | ---: |%n");
        byFault.forEach((fault, all) -> out().printf(
                        "| %s | %d | %d | %d | %s | %s | %s |%n",
                        fault,
                        all.size(),
                        all.stream().filter(one -> !one.wrong().isEmpty()).count(),
                        all.stream().mapToLong(Experiment.Outcome::notDone).sum(),
                        range(all.stream().map(Experiment.Outcome::gap)),
                        range(all.stream().map(Experiment.Outcome::ready)),
                        range(all.stream().map(Experiment.Outcome::settled))));
        InvariantCheck.Repeats repeats = proof.repeats();
        out().printf(
                        "%n%,d faults with seed %d and %d of each service; %,d people, %,d events, %,d milestones%n",
                        outcomes.size(), seed, replicas, people.everybody().size(), proof.events(), proof.milestones());
        out().printf(
                        "sent more than once under the same id: %,d mails, %,d webhook calls, %,d records of milestones%n",
                        repeats.mails(), repeats.webhooks(), repeats.milestoneRecords());
    }

    /** The median and the longest, in seconds. */
    private static String range(Stream<Duration> durations) {
        List<Duration> sorted = durations.sorted().toList();
        return "%.1f … %.1f".formatted(seconds(sorted.get(sorted.size() / 2)), seconds(sorted.get(sorted.size() - 1)));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private static void delete(Path data) throws IOException {
        try (Stream<Path> paths = Files.walk(data)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
