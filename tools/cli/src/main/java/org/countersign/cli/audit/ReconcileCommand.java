package org.countersign.cli.audit;

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

/** Prints every difference between event store, Kafka and counter. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = {
            "Compare event store, Kafka and counter event by event.",
            "Prints every difference. Exit status 0 if there are no differences."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class ReconcileCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        JsonNode end = new StreamedCall(
                        "signature service", ports.signatureService(), ApiClient.auditor(), new ProgressBar(out()))
                .run("GET", "/api/audit/reconcile", this::print);
        long differences = end.path("differences").asLong();
        out().printf(
                        "%,d events compared, %,d difference%s%n",
                        end.path("events").asLong(), differences, differences == 1 ? "" : "s");
        return differences == 0 ? 0 : 1;
    }

    private void print(JsonNode difference) {
        JsonNode index = difference.path("index");
        out().printf(
                        "%s%s: %s%n",
                        difference.path("where").asString(),
                        index.isNull() ? "" : ", event " + index.asLong(),
                        difference.path("problem").asString());
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
