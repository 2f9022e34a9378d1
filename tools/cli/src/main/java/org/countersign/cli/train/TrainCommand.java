package org.countersign.cli.train;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.countersign.cli.Countersign;
import org.countersign.localstack.AotCaches;
import org.countersign.localstack.InstalledJdk;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.server.Directories;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a burst on a stack of its own, whose services write AOT caches with their classes and method profiles. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Run a burst on a separate stack and keep what its services have learned.",
            "Their next start reads it: classes are loaded and hot methods are known. Needs JDK 25 or newer."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public class TrainCommand implements Callable<Integer> {

    private static final String PETITION = "training";
    private static final String PASSWORD = "training-only";
    private static final int PAGE_READS = 2000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--signatures",
            paramLabel = "N",
            defaultValue = "60000",
            description = "Number of sign requests of the burst (${DEFAULT-VALUE}).")
    private int signatures;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "600",
            description = "Number added to every port, so that a running stack is not affected (${DEFAULT-VALUE}).")
    private int portOffset;

    @Override
    public Integer call() throws Exception {
        if (!InstalledJdk.newest().hasAotCache()) {
            throw new UserException(
                    "Training needs JDK 25 or newer. With an older JDK, the services keep class data sharing.");
        }
        if (signatures < 1) {
            throw new UserException("--signatures must be 1 or more.");
        }
        Ports ports = Ports.withOffset(portOffset);
        ports.requireFree();
        Path home = Path.of(System.getProperty("countersign.home", "."));
        Path data = Files.createTempDirectory(Files.createDirectories(home.resolve("target")), "train");
        Files.createDirectories(data.resolve("logs"));
        LocalStack stack = new LocalStack(ports, home, data, List.of(), StackLayout.TRAINING, (part, status) -> {});
        Thread stop = new Thread(stack::close, "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        say("Starting a stack …");
        stack.start(Map.of("COUNTERSIGN_ORGANISER_PASSWORD", PASSWORD, "COUNTERSIGN_AUDITOR_PASSWORD", PASSWORD));
        run(ports);
        say("Stopping. The services write their caches, which takes a minute or two …");
        stack.close();
        Runtime.getRuntime().removeShutdownHook(stop);
        for (Path cache : AotCaches.install(home, data.resolve("logs"))) {
            say("%s, %d MB".formatted(cache.getFileName(), Files.size(cache) >> 20));
        }
        Directories.delete(data);
        return 0;
    }

    private void run(Ports ports) {
        ApiClient api = new ApiClient();
        Optional<String> organiser = Optional.of("organiser:" + PASSWORD);
        ApiClient.require(201, api.post(ports.signatureService(), "/api/petitions", petition(), organiser));
        say("Running a burst of %,d sign requests …".formatted(signatures));
        Countersign.commandLine()
                .execute(
                        "burst",
                        "--port-offset",
                        Integer.toString(portOffset),
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
        for (int i = 0; i < PAGE_READS; i++) {
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

    private void say(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }
}
