package org.countersign.cli.projection;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.StreamedCall;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Has all counts counted anew while the old ones are shown. */
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description =
                "Counts everything anew from Kafka, beside the counts that are shown, and shows the new ones when they have caught up. "
                        + "Readers notice nothing; milestones that were told are not told again. Prints what was shown and is not what the history makes it.")
final class RebuildCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        JsonNode end = new StreamedCall(
                        "counter", ports.counterProjection(), ApiClient.organiser(), new ProgressBar(out()))
                .run("POST", "/api/rebuild", this::print);
        long differences = end.path("differences").asLong();
        out().printf(
                        "Counted anew up to event %,d and shown from there on; %s.%n",
                        end.path("upTo").asLong(),
                        differences == 0 ? "nothing was different" : "what was different is above");
        return 0;
    }

    private void print(JsonNode change) {
        out().printf(
                        "%s, %s: was %s, is %s%n",
                        change.path("petition").asString(),
                        change.path("what").asString(),
                        number(change.path("before")),
                        number(change.path("after")));
    }

    private static String number(JsonNode number) {
        return number.isNull() ? "none" : "%,d".formatted(number.asLong());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
