package org.countersign.cli.recovery;

import java.util.concurrent.Callable;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.ProgressBar;
import org.countersign.localstack.client.StreamedCall;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Publishes events again that Kafka has lost. */
@Command(
        name = "relay",
        mixinStandardHelpOptions = true,
        description = {
            "Publish events again that Kafka has lost.",
            "Events that Kafka still has are not repeated. Readiness and the log name the index.",
            "Needs COUNTERSIGN_ORGANISER_PASSWORD. May be interrupted and repeated."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public final class RelayCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Option(names = "--from", paramLabel = "INDEX", required = true, description = "Index of the first event.")
    private long from;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        JsonNode end = new StreamedCall(
                        "signature service",
                        ports.signatureService(),
                        ApiClient.organiser(),
                        new ProgressBar(spec.commandLine().getOut()))
                .run("POST", "/api/recovery/relay?from=" + from, line -> {});
        spec.commandLine()
                .getOut()
                .printf(
                        "Kafka has all events from %,d to %,d.%n",
                        end.path("from").asLong(), end.path("upTo").asLong());
        return 0;
    }
}
