package org.countersign.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.countersign.benchmarks.peer.unscreened.UnscreenedService;
import org.countersign.cli.Countersign;
import org.countersign.localstack.PreviousRelease;
import org.countersign.localstack.ServiceLauncher;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.net.Route;
import org.countersign.localstack.server.PostgresCluster;
import org.countersign.signature.SignatureServiceApplication;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures every figure about speed, memory and size that the documents state. */
@Command(
        name = "countersign bench",
        mixinStandardHelpOptions = true,
        description = "Measure the product and its comparison programs in alternating rounds and print the ratios. "
                + "The servers run with durable settings, which the report shows. Everything "
                + "runs on this machine, on separate ports.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public final class Bench implements Callable<Integer> {

    private static final StackLayout TWO_INSTANCES = StackLayout.of(Map.of("signature-service", 2), Route.DIRECT);

    private static final StackLayout REPLICATED_SERVERS =
            StackLayout.cluster(PostgresCluster.CommitPolicy.REQUIRED, Route.DIRECT);

    private static final Set<BenchmarkPart> DEFAULT_PARTS =
            EnumSet.of(BenchmarkPart.SIGN, BenchmarkPart.LOG, BenchmarkPart.CHAIN);

    /**
     * The extent of the measurements.
     *
     * @param rounds the number of rounds; each figure is the median
     * @param seconds the length of a round of sign requests
     * @param warmUp the seconds of sign requests before the first round
     * @param events the number of events in the long log
     * @param clients the number of connections
     * @param rate the sign requests per second for the whole chain
     * @param minutes the duration of the chain at that rate, or of the confirmations
     * @param viewers the number of concurrent viewers
     * @param calls the number of sign calls of each kind whose answers are compared
     * @param coldRates the sign requests per second right after a start
     * @param coldSeconds the length of a burst right after a start
     * @param restartRate the sign requests per second during restarts
     * @param upgradeRate the sign requests per second during an upgrade
     * @param invalidations the number of signatures that a case invalidates
     * @param signatures the number of signatures among which a signer is found
     */
    record BenchmarkSize(
            int rounds,
            int seconds,
            int warmUp,
            int events,
            int clients,
            int rate,
            double minutes,
            int viewers,
            int calls,
            List<Integer> coldRates,
            int coldSeconds,
            int restartRate,
            int upgradeRate,
            int invalidations,
            int signatures) {}

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PART",
            arity = "0..*",
            description = "Parts to measure: ${COMPLETION-CANDIDATES}. Default: sign, log and chain.")
    private Set<BenchmarkPart> parts = EnumSet.noneOf(BenchmarkPart.class);

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures to this file.")
    private @Nullable Path json;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Number of alternating rounds (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Seconds per round of sign requests (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "30",
            description = "Seconds of sign requests before the first round (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "Number of events in the long log (${DEFAULT-VALUE}).")
    private int events;

    @Option(
            names = "--clients",
            paramLabel = "C",
            defaultValue = "128",
            description = "Number of connections (${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "3334",
            description = "Sign requests per second for the whole chain (${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "3",
            description = "Minutes of the whole chain at that rate (${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--viewers",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Number of concurrent viewers of one petition (${DEFAULT-VALUE}).")
    private int viewers;

    @Option(
            names = "--calls",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Number of sign calls of each kind whose answers are compared (${DEFAULT-VALUE}).")
    private int calls;

    @Option(
            names = "--cold-rates",
            paramLabel = "R",
            split = ",",
            defaultValue = "1000,3334",
            description = "Sign requests per second right after a start, several with commas (${DEFAULT-VALUE}).")
    private List<Integer> coldRates = List.of();

    @Option(
            names = "--cold-seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "Seconds of the burst right after a start (${DEFAULT-VALUE}).")
    private int coldSeconds;

    @Option(
            names = "--restart-rate",
            paramLabel = "R",
            defaultValue = "1000",
            description = "Sign requests per second during a rolling restart (${DEFAULT-VALUE}).")
    private int restartRate;

    @Option(
            names = "--upgrade-rate",
            paramLabel = "R",
            defaultValue = "500",
            description = "Sign requests per second during a rolling upgrade (${DEFAULT-VALUE}).")
    private int upgradeRate;

    @Option(
            names = "--invalidations",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Number of signatures that a case invalidates (${DEFAULT-VALUE}).")
    private int invalidations;

    @Option(
            names = "--signatures",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Number of signatures among which a signer is found (${DEFAULT-VALUE}).")
    private int signatures;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "400",
            description = "Number added to every port, so that a running stack is not affected (${DEFAULT-VALUE}).")
    private int portOffset;

    @Option(
            names = "--java-option",
            paramLabel = "OPTION",
            description = "Option for the Java virtual machines of the product and the peers. The figures "
                    + "then refer to that setting.")
    private List<String> javaOptions = List.of();

    private Bench() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Runs the command and returns its exit status: 0 for success, 1 for failure, 2 for wrong arguments. */
    static int run(String... args) {
        return Countersign.execute(commandLine(), args);
    }

    @Override
    public Integer call() throws Exception {
        if (rounds < 1
                || seconds < 1
                || events < 1000
                || clients < 1
                || rate < 1
                || minutes <= 0
                || viewers < 1
                || calls < 1
                || coldRates.stream().anyMatch(cold -> cold < 1)
                || coldSeconds < 1
                || restartRate < 1
                || upgradeRate < 1
                || invalidations < 1
                || signatures < 1000) {
            throw new UserException("--rounds, --seconds, --clients, --rate, --minutes, --viewers, --calls, "
                    + "--cold-rates, --cold-seconds, --restart-rate, --upgrade-rate and --invalidations must be "
                    + "above 0, and --events and --signatures at least 1000.");
        }
        BenchmarkSize size = new BenchmarkSize(
                rounds,
                seconds,
                warmUp,
                events,
                clients,
                rate,
                minutes,
                viewers,
                calls,
                coldRates,
                coldSeconds,
                restartRate,
                upgradeRate,
                invalidations,
                signatures);
        Set<BenchmarkPart> wanted = parts.isEmpty() ? DEFAULT_PARTS : parts;
        BenchmarkReport report = new BenchmarkReport(spec.commandLine().getOut(), json);
        report.begin(size);
        if (wanted.contains(BenchmarkPart.SIGN)) {
            new SignBenchmark(size, newStack(portOffset), report).run();
        }
        if (wanted.contains(BenchmarkPart.RESTART)) {
            BenchmarkStack two = new BenchmarkStack(home(), portOffset, javaOptions, TWO_INSTANCES);
            new RestartBenchmark(size, two, report).run();
        }
        if (wanted.contains(BenchmarkPart.UPGRADE)) {
            upgradeBenchmark(size, report).run();
        }
        if (wanted.contains(BenchmarkPart.CONFIRM)) {
            new ConfirmBenchmark(size, newStack(portOffset), report).run();
        }
        if (wanted.contains(BenchmarkPart.PARSER)) {
            new ParserBenchmark(size, report).run();
        }
        if (wanted.contains(BenchmarkPart.ANSWERS)) {
            new AnswerTimesBenchmark(size, newStack(portOffset), report).run();
        }
        if (wanted.contains(BenchmarkPart.LOG)) {
            new LogBenchmark(size, newStack(portOffset), newStack(portOffset + 20), report).run();
        }
        if (wanted.contains(BenchmarkPart.CHAIN)) {
            new ChainBenchmark(size, newStack(portOffset), report).run();
        }
        if (wanted.contains(BenchmarkPart.COLD)) {
            new ColdBenchmark(size, () -> newStack(portOffset), report).run();
        }
        if (wanted.contains(BenchmarkPart.AUDIT)) {
            new AuditBenchmark(size, newStack(portOffset), report).run();
        }
        if (wanted.contains(BenchmarkPart.TRANSPARENCY)) {
            new SignComparison(size, report)
                    .run(
                            compared("sign calls with the public log", StackLayout.PLAIN, portOffset),
                            new SignComparison.ComparedStack(
                                    "sign calls without",
                                    newStack(portOffset + 20),
                                    BenchmarkStack::startWithoutPublicLog),
                            "sign calls with the public log ÷ without",
                            0.95);
        }
        if (wanted.contains(BenchmarkPart.RULES)) {
            new RulesBenchmark(
                            size,
                            variant(SignatureServiceApplication.class, portOffset),
                            variant(UnscreenedService.class, portOffset + 20),
                            report)
                    .run();
        }
        if (wanted.contains(BenchmarkPart.CASE)) {
            new CaseBenchmark(size, newStack(portOffset), report).run();
        }
        if (wanted.contains(BenchmarkPart.FIND)) {
            new FindBenchmark(size, newStack(portOffset), newStack(portOffset + 20), report).run();
        }
        if (wanted.contains(BenchmarkPart.MAILS)) {
            new MailTurnsBenchmark(size, newStack(portOffset), report).run();
        }
        if (wanted.contains(BenchmarkPart.CLUSTER)) {
            new SignComparison(size, report)
                    .run(
                            compared("sign calls on replicated servers", REPLICATED_SERVERS, portOffset),
                            compared("sign calls on single servers", StackLayout.PLAIN, portOffset + 20),
                            "sign calls on replicated servers ÷ single",
                            0.5);
        }
        if (wanted.contains(BenchmarkPart.VIEWERS)) {
            new ViewerBenchmark(size, newStack(portOffset), report).run();
        }
        if (wanted.contains(BenchmarkPart.COUNTS)) {
            new ReadingBenchmark(ReadingBenchmark.ReadTarget.COUNTS, size, newStack(portOffset), report).run();
        }
        if (wanted.contains(BenchmarkPart.PAGES)) {
            new ReadingBenchmark(ReadingBenchmark.ReadTarget.PAGES, size, newStack(portOffset), report).run();
            new FrontPageBenchmark(size, newStack(portOffset), report).run();
        }
        report.end();
        return 0;
    }

    private SignComparison.ComparedStack compared(String name, StackLayout layout, int offset) throws IOException {
        return new SignComparison.ComparedStack(
                name,
                new BenchmarkStack(home(), offset, javaOptions, layout),
                stack -> stack.start("signature-service"));
    }

    private BenchmarkStack variant(Class<?> main, int offset) throws IOException {
        StackLayout layout = StackLayout.PLAIN.with(new LauncherOfVariant(home(), javaOptions, main));
        return new BenchmarkStack(home(), offset, javaOptions, layout);
    }

    private UpgradeBenchmark upgradeBenchmark(BenchmarkSize size, BenchmarkReport report) throws IOException {
        PreviousRelease release = PreviousRelease.of(home());
        report.progress("upgrade: building release " + release.version());
        ServiceLauncher old = ServiceLauncher.builtIn(release.build(home()), javaOptions);
        StackLayout twoOld =
                StackLayout.of(StackLayout.replicasOfAll(2), Route.DIRECT).with(old);
        BenchmarkStack stack = new BenchmarkStack(home(), portOffset, javaOptions, twoOld);
        ServiceLauncher current = ServiceLauncher.builtIn(home(), javaOptions);
        return new UpgradeBenchmark(size, release, current, stack, report);
    }

    private BenchmarkStack newStack(int offset) throws IOException {
        return new BenchmarkStack(home(), offset, javaOptions);
    }

    private static Path home() {
        return Path.of(System.getProperty("countersign.home", "."));
    }
}
