package org.countersign.cli.images;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.countersign.cli.images.ServiceImages.Stage;
import org.countersign.cli.train.TrainingRun;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.server.Directories;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Builds the images, runs a burst on their contents, and adds the AOT caches that they have written. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = {
            "Build the container images of the services with buildah, each with an AOT cache inside.",
            "The caches come from a burst on a separate stack, which runs the contents of the images."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public class ImagesCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--local-base",
            description = {
                "Make the base image of Debian packages and the JDK of this machine.",
                "Without it, the base image is pulled if it is missing. Needs mmdebstrap."
            })
    private boolean localBase;

    @Option(
            names = "--storage",
            paramLabel = "DIR",
            description = "Directory for images and containers. Default: buildah's own.")
    private @Nullable Path storage;

    @Option(
            names = "--archives",
            paramLabel = "DIR",
            description = "Also write each image to a file in this directory, for \"docker load\".")
    private @Nullable Path archives;

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
        if (!Buildah.isInstalled()) {
            throw new UserException("Images need buildah. Install it: apt-get install buildah");
        }
        if (signatures < 1) {
            throw new UserException("--signatures must be 1 or more.");
        }
        Ports ports = Ports.withOffset(portOffset);
        ports.requireFree();
        Path home = Path.of(System.getProperty("countersign.home", ".")).toAbsolutePath();
        Buildah buildah = new Buildah(Optional.ofNullable(storage).map(Path::toAbsolutePath));
        ServiceImages images = new ServiceImages(buildah, home);
        say("Looking for the base image …");
        if (localBase) {
            images.makeLocalBases();
        } else {
            images.pullBases();
        }
        buildAll(images, Stage.PROGRAM);
        train(images, ports);
        buildAll(images, Stage.TRAINED);
        if (archives != null) {
            write(buildah, archives.toAbsolutePath());
        }
        return 0;
    }

    private void buildAll(ServiceImages images, Stage stage) throws IOException {
        for (String service : LocalStack.SERVICES) {
            images.build(service, stage);
            say("Built " + stage.image(service));
        }
    }

    private void train(ServiceImages images, Ports ports) throws IOException, InterruptedException {
        Path data =
                Files.createTempDirectory(Files.createDirectories(images.home().resolve("target")), "train-images");
        try (ServiceContainers containers = new ServiceContainers(
                images.buildah(),
                Stage.PROGRAM,
                LocalStack.SERVICES,
                Set.copyOf(LocalStack.SERVICES),
                data.resolve("tmp"))) {
            new TrainingRun(ports, images.home(), data, signatures, this::say)
                    .run(StackLayout.TRAINING.with(containers));
            for (String service : LocalStack.SERVICES) {
                keep(containers.writtenCache(service), images.cache(service), data, service);
            }
        }
        Directories.delete(data);
    }

    private void keep(Path written, Path cache, Path data, String service) throws IOException {
        if (!Files.exists(written)) {
            throw new UserException("The " + service + " wrote no AOT cache. See "
                    + data.resolve("logs").resolve(service + ".log") + ".");
        }
        Files.createDirectories(cache.getParent());
        Files.move(written, cache, StandardCopyOption.REPLACE_EXISTING);
        say("%s: AOT cache of %d MB".formatted(service, Files.size(cache) >> 20));
    }

    private void write(Buildah buildah, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String service : LocalStack.SERVICES) {
            Path file = folder.resolve(service + ".tar");
            Files.deleteIfExists(file);
            String image = Stage.TRAINED.image(service);
            buildah.run("push", "--quiet", image, "docker-archive:" + file + ":" + image);
            say("Wrote " + file);
        }
    }

    private void say(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }
}
