package org.countersign.localstack;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.server.Processes;

/** One of the three services, in a process of its own. */
final class ServiceProcess {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Mails may wait in a burst; signing and counting may not. */
    private static final List<String> STANDING_BACK =
            Files.isExecutable(Path.of("/usr/bin/nice")) ? List.of("/usr/bin/nice", "-n", "10") : List.of();

    private static final Map<String, String> MAIN_CLASSES = Map.of(
            "signature-service", "org.countersign.signature.SignatureServiceApplication",
            "counter-projection", "org.countersign.counter.CounterProjectionApplication",
            "notifier", "org.countersign.notifier.NotifierApplication");

    private final ApiClient api = new ApiClient();
    private final String name;
    private final int port;
    private final Process process;
    private final Path log;

    private ServiceProcess(String name, int port, Process process, Path log) {
        this.name = name;
        this.port = port;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a service; it is not ready yet when this returns.
     *
     * @param home the project's directory, with the built services in it
     * @param options for the Java virtual machine
     * @param log takes what it prints
     * @param environment what the service is configured with
     */
    static ServiceProcess start(
            InstalledJdk java,
            List<String> options,
            Path home,
            String name,
            int port,
            Path log,
            Map<String, String> environment) {
        Path target = home.resolve(name).resolve("target");
        Path jar = target.resolve(name + ".jar");
        if (!Files.exists(jar)) {
            throw new UserException(
                    "The " + name + " is not built: " + jar + " is missing. Run: mvn -DskipTests package");
        }
        List<String> command = new ArrayList<>(name.equals("notifier") ? STANDING_BACK : List.of());
        command.addAll(List.of(java.launcher().toString(), "@" + target.resolve("service.jvmopts")));
        command.addAll(options);
        Path classes = target.resolve(name + ".jsa");
        // What an agent has changed must not be left for others.
        boolean changed = options.stream().anyMatch(option -> option.startsWith("-javaagent:"));
        command.addAll(changed ? java.usingClasses(classes) : java.keepingClasses(classes));
        command.addAll(List.of(
                "-cp",
                jar + File.pathSeparator + target.resolve("lib") + File.separator + "*",
                MAIN_CLASSES.get(name)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        builder.environment().put("SERVER_PORT", Integer.toString(port));
        try {
            return new ServiceProcess(name, port, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("the " + name + " can't be started", e);
        }
    }

    /** @throws UserException if it ends, or is not ready after three minutes */
    void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            // Work may wait for something outside, such as a mail server: that is no reason not to start.
            if (List.of("UP", "DEGRADED").contains(readiness())) {
                return;
            }
            Thread.sleep(100);
        }
        throw new UserException("The " + name + " did not start; " + log + " says why.");
    }

    /** Whether it says that it can work and has all it needs. */
    boolean isReady() {
        return readiness().equals("UP");
    }

    /** What it says of itself, as a whole; nothing if it does not answer. */
    private String readiness() {
        try {
            ApiClient.ApiResponse answer = api.get(port, "/actuator/health/readiness", Optional.empty());
            return answer.body().startsWith("{") ? answer.json().path("status").asString("") : "";
        } catch (UserException away) {
            return "";
        }
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /** Has something done when the process ends, whyever it does. */
    void onEnd(Runnable then) {
        process.onExit().thenRun(then);
    }

    static void stop(List<ServiceProcess> services) {
        Processes.stop(services.stream().map(service -> service.process).toList(), Duration.ofSeconds(40));
    }
}
