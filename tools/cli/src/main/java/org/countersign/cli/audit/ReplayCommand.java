package org.countersign.cli.audit;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.StreamedCall;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Replays the event history and prints the counts at a given time. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Replay the history and print the counts at a given time.",
            "The replay starts at the first event. It ends now, or at the given time or event."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Option(names = "--petition", paramLabel = "PETITION", description = "Name of one petition. Default: all.")
    private @Nullable String petition;

    @Option(
            names = "--at",
            paramLabel = "TIME|INDEX",
            description = "Time such as 2030-01-31T12:00:00Z, or index of the last event to replay. Default: now.")
    private @Nullable String at;

    @ArgGroup
    private HistorySource source = new HistorySource();

    /** Where the command reads the history. */
    private static final class HistorySource {
        @Option(names = "--from-store", description = "Read the event store (default).")
        private boolean store;

        @Option(names = "--from-kafka", description = "Read Kafka.")
        private boolean kafka;
    }

    @Override
    public Integer call() {
        long start = System.nanoTime();
        List<JsonNode> counts = new ArrayList<>();
        JsonNode end = new StreamedCall(
                        "signature service", ports.signatureService(), ApiClient.auditor(), new ProgressBar(out()))
                .run("GET", path(), line -> add(line, counts));
        double seconds = (System.nanoTime() - start) / 1e9;
        counts.sort(Comparator.comparing(line -> line.path("petition").asString()));
        int width = counts.stream()
                .mapToInt(line -> line.path("petition").asString().length())
                .max()
                .orElse(8);
        String row = "%-" + Math.max(8, width) + "s %12s %12s %12s %14s %14s  %s%n";
        out().printf(row, "petition", "verified", "pending", "withdrawn", "last milestone", "as of index", "as of");
        for (JsonNode line : counts) {
            out().printf(
                            row,
                            line.path("petition").asString(),
                            number(line, "verified"),
                            number(line, "pending"),
                            number(line, "withdrawn"),
                            line.path("lastMilestone").isNull() ? "none" : number(line, "lastMilestone"),
                            number(line, "asOfIndex"),
                            line.path("asOf").asString());
        }
        out().printf(
                        "%,d events up to index %,d from %s in %.1f s%n",
                        end.path("events").asLong(),
                        end.path("upTo").asLong(),
                        source.kafka ? "Kafka" : "the event store",
                        seconds);
        long problems = end.path("problems").asLong();
        if (problems > 0) {
            out().printf("%,d problems. The events without a valid MAC are not counted.%n", problems);
        }
        return problems == 0 ? 0 : 1;
    }

    private void add(JsonNode line, List<JsonNode> counts) {
        if (line.path("is").asString().equals("problem")) {
            JsonNode index = line.path("index");
            out().println((index.isNull() ? "" : "event " + index.asLong() + " ")
                    + line.path("problem").asString());
        } else {
            counts.add(line);
        }
    }

    private static String number(JsonNode line, String field) {
        return "%,d".formatted(line.path(field).asLong());
    }

    private String path() {
        return "/api/audit/replay?from=" + (source.kafka ? "kafka" : "store") + parameter("petition", petition)
                + parameter("at", at);
    }

    private static String parameter(String name, @Nullable String value) {
        return value == null ? "" : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
