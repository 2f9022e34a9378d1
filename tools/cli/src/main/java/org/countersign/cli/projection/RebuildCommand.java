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

/** Rebuilds all counts from the event history without downtime. */
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description = {
            "Rebuild all counts from Kafka without downtime.",
            "Readers see the old counts until the new ones have caught up. Milestones are not announced twice.",
            "Prints every difference between the old and the new counts."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
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
                        "Counts rebuilt up to event %,d. %s.%n",
                        end.path("upTo").asLong(),
                        differences == 0 ? "No differences" : "The differences are listed above");
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
