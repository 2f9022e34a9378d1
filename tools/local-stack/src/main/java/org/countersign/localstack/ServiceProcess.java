package org.countersign.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.server.Processes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A separate process with one of the three services. */
final class ServiceProcess {

    /** On a busy machine, a notifier of low priority needs minutes. A process that ends is noticed at once. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(10);
    /** The notifier runs with low priority, because mails may wait during a burst, but signing and counting may not. */
    private static final List<String> LOW_PRIORITY =
            Files.isExecutable(Path.of("/usr/bin/nice")) ? List.of("/usr/bin/nice", "-n", "19") : List.of();

    private final ApiClient api = new ApiClient();
    private final String name;
    private final Endpoint management;
    private final Process process;
    private final Path log;

    private ServiceProcess(String name, Endpoint management, Process process, Path log) {
        this.name = name;
        this.management = management;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a service without waiting until it is ready.
     *
     * @param launcher knows the command that starts it
     * @param listens where it listens
     * @param log the file for its output
     * @param environment the environment variables with its configuration
     */
    static ServiceProcess start(
            ServiceLauncher launcher,
            String name,
            LoadBalancer.Instance listens,
            Path log,
            Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("SERVER_ADDRESS", listens.connections().host());
        variables.put("SERVER_PORT", Integer.toString(listens.connections().port()));
        variables.put("MANAGEMENT_SERVER_ADDRESS", listens.management().host());
        variables.put(
                "MANAGEMENT_SERVER_PORT", Integer.toString(listens.management().port()));
        List<String> command = new ArrayList<>(name.equals("notifier") ? LOW_PRIORITY : List.of());
        command.addAll(launcher.command(name, variables));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(variables);
        try {
            return new ServiceProcess(name, listens.management(), builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the " + name, e);
        }
    }

    /**
     * Waits until the service is ready, or has found that it has to wait for the operator.
     *
     * @return what the operator has to do first, usually nothing
     * @throws UserException if it ends, or is not ready within ten minutes
     */
    Optional<String> awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            // DEGRADED means that work waits for an external system, such as a mail server. The service has started.
            JsonNode readiness = readiness();
            Optional<String> procedure = procedure(readiness);
            if (procedure.isPresent() || List.of("UP", "DEGRADED").contains(status(readiness))) {
                return procedure;
            }
            Thread.sleep(100);
        }
        throw new UserException("The " + name + " did not start. See " + log + ".");
    }

    /** Returns whether the service reports that it and all its dependencies work. */
    boolean isReady() {
        return status(readiness()).equals("UP");
    }

    /** A restored or incomplete log needs the operator. See docs/operations.md. */
    private static Optional<String> procedure(JsonNode readiness) {
        return Optional.of(readiness
                        .path("components")
                        .path("continuity")
                        .path("description")
                        .asString(""))
                .filter(text -> text.contains("./countersign") || text.contains("docs/operations.md"));
    }

    private static String status(JsonNode readiness) {
        return readiness.path("status").asString("");
    }

    /** Returns the readiness, or a missing node without a response. */
    private JsonNode readiness() {
        try {
            ApiClient.ApiResponse response = api.get(management, "/actuator/health/readiness", Optional.empty());
            return response.body().startsWith("{") ? response.json() : MissingNode.getInstance();
        } catch (UserException unreachable) {
            return MissingNode.getInstance();
        }
    }

    /** Returns the process of the service itself, which is the last below that of its command. */
    ProcessHandle process() {
        return process.descendants()
                .filter(below -> below.children().findAny().isEmpty())
                .findFirst()
                .orElse(process.toHandle());
    }

    /** Runs an action when the process ends for any reason. */
    void onEnd(Runnable then) {
        process.onExit().thenRun(then);
    }

    /** Stops services gracefully. */
    static void stop(List<ServiceProcess> services, Duration timeout) {
        // The command that runs a container kills it at once when it is told to stop itself.
        services.forEach(service -> service.process().destroy());
        Processes.await(services.stream().map(service -> service.process).toList(), timeout);
    }
}
