package org.countersign.cli.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.countersign.cli.Countersign;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;

/**
 * A burst on a stack of its own, whose services write what they have learned.
 *
 * @param ports the ports of the stack, which must be free
 * @param home the project's directory with the built services
 * @param data an empty directory for the data and logs of the stack
 * @param signatures the number of sign requests
 * @param progress receives what is being done
 */
public record TrainingRun(Ports ports, Path home, Path data, int signatures, Consumer<String> progress) {

    private static final String PETITION = "training";
    private static final String PASSWORD = "training-only";
    private static final int MAX_PAGE_READS = 2000;

    /** Starts the stack, runs the burst, and stops the stack. */
    public void run(StackLayout layout) throws IOException, InterruptedException {
        Files.createDirectories(data.resolve("logs"));
        LocalStack stack = new LocalStack(ports, home, data, List.of(), layout, (part, status) -> {});
        Thread stop = new Thread(stack::close, "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            progress.accept("Starting a stack …");
            stack.start(Map.of("COUNTERSIGN_ORGANISER_PASSWORD", PASSWORD, "COUNTERSIGN_AUDITOR_PASSWORD", PASSWORD));
            signAndRead();
            progress.accept("Stopping. The services write their caches, which takes a minute or two …");
        } finally {
            stack.close();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
    }

    private void signAndRead() {
        ApiClient api = new ApiClient();
        Optional<String> organiser = Optional.of("organiser:" + PASSWORD);
        ApiClient.require(201, api.post(ports.signatureService(), "/api/petitions", petition(), organiser));
        progress.accept("Running a burst of %,d sign requests …".formatted(signatures));
        Countersign.commandLine()
                .execute(
                        "burst",
                        "--port-offset",
                        Integer.toString(ports.offset()),
                        "--petition",
                        PETITION,
                        "--signatures",
                        Integer.toString(signatures),
                        "--verify",
                        "0.2",
                        "--withdraw",
                        "0.01",
                        "--duplicates",
                        "0.05",
                        "--credentials",
                        "auditor:" + PASSWORD);
        for (int i = 0; i < Math.min(signatures, MAX_PAGE_READS); i++) {
            api.get(ports.signatureService(), "/petitions/" + PETITION, Optional.empty());
        }
    }

    private static Map<String, Object> petition() {
        return Map.of(
                "slug",
                PETITION,
                "title",
                "A clock for the training hall",
                "statement",
                "Nobody here knows how long an hour is.",
                "recipients",
                List.of("The Hall Keeper"),
                "goal",
                1_000_000,
                "milestones",
                List.of(100, 1000),
                "organiser",
                Map.of("name", "Tara Trainer", "email", "tara@training.example"));
    }
}
