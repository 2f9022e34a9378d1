package org.countersign.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.countersign.cli.Countersign;
import org.countersign.localstack.client.UserException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures everything that is claimed about speed, memory and size. */
@Command(
        name = "countersign bench",
        mixinStandardHelpOptions = true,
        description =
                "Measures the product beside what it is compared with, in turns, and prints every figure as a ratio. "
                        + "Durable settings are on and are read back from the servers. Everything runs on this machine, on ports of its own.")
public final class Bench implements Callable<Integer> {

    /** What can be measured on its own. */
    enum Part {
        /** The sign call beside its peers, and the bytes a signature takes. */
        SIGN,
        /** A long log: publishing it, counting it, signing on top of it. */
        LOG,
        /** The whole chain at a steady rate. */
        CHAIN,
        /** Replays of the history. Only when it is named. */
        AUDIT,
        /** What the public log costs. Only when it is named. */
        TRANSPARENCY,
        /** Many who look at one petition while others confirm. Only when it is named. */
        VIEWERS,
        /** Counts asked for beside a static file. Only when it is named. */
        COUNTS,
        /** A petition's page asked for beside a static file. Only when it is named. */
        PAGES,
        /** The readers of an event's JSON. Only when it is named. */
        PARSER
    }

    private static final Set<Part> UNLESS_NAMED = EnumSet.of(Part.SIGN, Part.LOG, Part.CHAIN);

    /**
     * How much to measure.
     *
     * @param rounds how often each is measured; the figure is the median
     * @param seconds how long a round of sign calls takes
     * @param warmUp seconds of sign calls before the first round
     * @param events events in the long log
     * @param clients connections
     * @param rate sign calls a second for the whole chain
     * @param minutes how long the chain is held at that rate, or confirmations are watched
     * @param viewers how many look at once
     */
    record Size(int rounds, int seconds, int warmUp, int events, int clients, int rate, double minutes, int viewers) {}

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PART",
            arity = "0..*",
            description = "What to measure: ${COMPLETION-CANDIDATES}; sign, log and chain if none is named.")
    private Set<Part> parts = EnumSet.noneOf(Part.class);

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures there too.")
    private Path json;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each is measured, in turns (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long a round of sign calls takes (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "30",
            description = "Seconds of sign calls before the first round (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "Events in the long log (${DEFAULT-VALUE}).")
    private int events;

    @Option(
            names = "--clients",
            paramLabel = "C",
            defaultValue = "128",
            description = "Connections (${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "3334",
            description = "Sign calls a second for the whole chain (${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "3",
            description = "How long the whole chain is held at that rate (${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--viewers",
            paramLabel = "N",
            defaultValue = "50000",
            description = "People who look at one petition at once (${DEFAULT-VALUE}).")
    private int viewers;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "400",
            description = "Added to every port, so that a running stack is not disturbed (${DEFAULT-VALUE}).")
    private int portOffset;

    @Option(
            names = "--java-option",
            paramLabel = "OPTION",
            description = "For the virtual machines of all that is compared. Figures then are of that setting.")
    private List<String> javaOptions = List.of();

    private Bench() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Runs the command and gives the exit status: 0 measured, 1 failed, 2 called wrongly. */
    static int run(String... args) {
        return Countersign.execute(commandLine(), args);
    }

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || seconds < 1 || events < 1000 || clients < 1 || rate < 1 || minutes <= 0 || viewers < 1) {
            throw new UserException(
                    "--rounds, --seconds, --clients, --rate, --minutes and --viewers must be more than 0, --events at least 1000.");
        }
        Size size = new Size(rounds, seconds, warmUp, events, clients, rate, minutes, viewers);
        Set<Part> wanted = parts.isEmpty() ? UNLESS_NAMED : parts;
        BenchmarkReport report = new BenchmarkReport(spec.commandLine().getOut(), json);
        report.begin(size);
        if (wanted.contains(Part.SIGN)) {
            new SignBenchmark(size, site(portOffset), report).run();
        }
        if (wanted.contains(Part.PARSER)) {
            new ParserBenchmark(size, report).run();
        }
        if (wanted.contains(Part.LOG)) {
            new LogBenchmark(size, site(portOffset), site(portOffset + 20), report).run();
        }
        if (wanted.contains(Part.CHAIN)) {
            new ChainBenchmark(size, site(portOffset), report).run();
        }
        if (wanted.contains(Part.AUDIT)) {
            new AuditBenchmark(size, site(portOffset), report).run();
        }
        if (wanted.contains(Part.TRANSPARENCY)) {
            new TransparencyBenchmark(size, site(portOffset), site(portOffset + 20), report).run();
        }
        if (wanted.contains(Part.VIEWERS)) {
            new ViewerBenchmark(size, site(portOffset), report).run();
        }
        if (wanted.contains(Part.COUNTS)) {
            new ReadingBenchmark(ReadingBenchmark.What.COUNTS, size, site(portOffset), report).run();
        }
        if (wanted.contains(Part.PAGES)) {
            new ReadingBenchmark(ReadingBenchmark.What.PAGES, size, site(portOffset), report).run();
        }
        report.end();
        return 0;
    }

    private BenchmarkStack site(int offset) throws IOException {
        return new BenchmarkStack(Path.of(System.getProperty("countersign.home", ".")), offset, javaOptions);
    }
}
