package org.countersign.cli.train;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.countersign.localstack.AotCaches;
import org.countersign.localstack.InstalledJdk;
import org.countersign.localstack.StackLayout;
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
        new TrainingRun(ports, home, data, signatures, this::say).run(StackLayout.TRAINING);
        for (Path cache : AotCaches.install(home, data.resolve("logs"))) {
            say("%s, %d MB".formatted(cache.getFileName(), Files.size(cache) >> 20));
        }
        Directories.delete(data);
        return 0;
    }

    private void say(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }
}
