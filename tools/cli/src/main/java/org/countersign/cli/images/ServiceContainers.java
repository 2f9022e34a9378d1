package org.countersign.cli.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.countersign.localstack.InstalledJdk;
import org.countersign.localstack.ServiceLauncher;
import tools.jackson.databind.JsonNode;

/**
 * Starts the services from the contents of their images: the files, the user, the variables and the entry point. Each
 * has a directory for temporary files, and can write nothing else.
 */
public final class ServiceContainers implements ServiceLauncher, AutoCloseable {

    private final Buildah buildah;
    private final ServiceImages.Stage stage;
    private final Set<String> training;
    private final Path directory;
    private final Map<String, String> containers = new HashMap<>();

    /**
     * Makes a container of each service.
     *
     * @param training the services that write an AOT cache when they end, see {@link #writtenCache}
     * @param directory the directory for the temporary files of the services
     */
    public ServiceContainers(
            Buildah buildah,
            ServiceImages.Stage stage,
            Collection<String> services,
            Set<String> training,
            Path directory)
            throws IOException {
        this.buildah = buildah;
        this.stage = stage;
        this.training = training;
        this.directory = directory;
        for (String service : services) {
            Path temporary = Files.createDirectories(temporary(service));
            // The number of the image's user is nobody here.
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
            containers.put(service, buildah.run("from", "--pull-never", stage.image(service)));
        }
    }

    private Path temporary(String service) {
        return directory.resolve(service);
    }

    /** Returns the file that a service in training has written. */
    public Path writtenCache(String service) {
        return temporary(service).resolve("service.aot");
    }

    private String container(String service) {
        return Objects.requireNonNull(containers.get(service), service);
    }

    @Override
    public List<String> command(String service, Map<String, String> environment) {
        List<String> program =
                strings(buildah.describe(stage.image(service)).path("config").path("Entrypoint"));
        if (training.contains(service)) {
            program.addAll(1, InstalledJdk.aotWritingOptions("/tmp/service.aot"));
        }
        return run(service, environment, program);
    }

    /** Returns the health check of a service's image, as an engine of containers runs it. */
    public List<String> healthCheck(String service, Map<String, String> environment) {
        List<String> test = strings(buildah.describe(stage.image(service))
                .path("config")
                .path("Healthcheck")
                .path("Test"));
        return run(service, environment, test.subList(1, test.size()));
    }

    /** Returns the command that runs a program in the container of a service, as the image's user. */
    public List<String> run(String service, Map<String, String> environment, List<String> program) {
        List<String> arguments = new ArrayList<>(List.of(
                "run", "--isolation", "chroot", "--volume", temporary(service).toAbsolutePath() + ":/tmp"));
        // Like each local stack, this one has secrets of its own, which other users of this machine can see here.
        environment.forEach((name, value) -> arguments.addAll(List.of("--env", name + "=" + value)));
        arguments.addAll(List.of(container(service), "--"));
        arguments.addAll(program);
        return buildah.command(arguments.toArray(String[]::new));
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(element -> strings.add(element.asString()));
        return strings;
    }

    /** Returns the root directory of a service's container, until {@link #close}. */
    public Path root(String service) {
        return Path.of(buildah.run("mount", container(service)));
    }

    /** Deletes the containers. Their services must have stopped. */
    @Override
    public void close() {
        containers.values().forEach(container -> buildah.run("rm", container));
        containers.clear();
    }
}
