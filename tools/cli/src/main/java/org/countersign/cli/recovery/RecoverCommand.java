package org.countersign.cli.recovery;

import java.io.PrintWriter;
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

/** Brings a restored event log forward from Kafka. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description = {
            "Bring a restored event log forward from Kafka.",
            "The same events get the same indexes, so counts, receipts and signed heads stay valid.",
            "Needs COUNTERSIGN_ORGANISER_PASSWORD. May be interrupted and repeated."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public final class RecoverCommand implements Callable<Integer> {

    @Mixin
    private Ports ports;

    @Option(names = "--verbose", description = "Print each recovered event.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        JsonNode end = new StreamedCall(
                        "signature service", ports.signatureService(), ApiClient.organiser(), new ProgressBar(out()))
                .run("POST", "/api/recovery/log", this::print);
        out().printf(
                        "%,d events recovered from Kafka. The event log ends at event %,d.%n",
                        end.path("events").asLong(), end.path("head").asLong());
        out().printf(
                        "%,d of them had personal data, which is lost and shown as erased. "
                                + "%,d secrets were destroyed again.%n",
                        end.path("withoutData").asLong(),
                        end.path("destroyedSecrets").asLong());
        out().printf(
                        "The public log has %,d entries and contradicts no head that was signed before.%n",
                        end.path("publicLog").asLong());
        return 0;
    }

    private void print(JsonNode event) {
        if (verbose) {
            out().printf(
                            "event %d: %s, %s%s, %s%n",
                            event.path("index").asLong(),
                            event.path("type").asString(),
                            event.path("petition").asString(),
                            event.path("signature").isNull()
                                    ? ""
                                    : ", signature " + event.path("signature").asString(),
                            event.path("time").asString());
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
