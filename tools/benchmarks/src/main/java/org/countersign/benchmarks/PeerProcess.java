package org.countersign.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.countersign.localstack.InstalledJdk;
import org.countersign.localstack.StackDatabase;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.server.FreePorts;
import org.countersign.localstack.server.LogTail;
import org.countersign.localstack.server.Processes;

/** A separate process with one of the comparison programs. */
final class PeerProcess implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Process process;
    private final int port;

    private PeerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts a peer and waits until it responds. It has the same heap and options as the product's services.
     *
     * @param main the main class of the peer
     * @param options options for its Java virtual machine
     * @param without prefixes of the jars to leave out, because Spring Boot would configure these libraries
     * @param settings environment variables
     */
    static PeerProcess start(
            Class<?> main,
            List<String> options,
            List<String> without,
            Optional<StackDatabase> database,
            String kafka,
            Map<String, String> settings,
            Path logs)
            throws IOException, InterruptedException {
        Path log = logs.resolve(main.getSimpleName() + ".log");
        List<String> command =
                new ArrayList<>(List.of(InstalledJdk.newest().launcher().toString()));
        Path home = Path.of(System.getProperty("countersign.home", "."));
        command.add("@" + home.resolve("deploy").resolve("service.jvmopts"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(home, without), main.getName()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        int port = FreePorts.any();
        Map<String, String> environment = builder.environment();
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", kafka);
        environment.putAll(settings);
        environment.put("PEER_KEY", "1:" + Base64.getEncoder().encodeToString(new byte[32]));
        database.ifPresent(found -> {
            environment.put("SPRING_DATASOURCE_URL", found.url());
            environment.put("SPRING_DATASOURCE_USERNAME", found.user());
            environment.put("SPRING_DATASOURCE_PASSWORD", found.password());
        });
        PeerProcess peer = new PeerProcess(builder.start(), port);
        Runtime.getRuntime().addShutdownHook(new Thread(peer::close, "close"));
        peer.awaitResponse(log);
        return peer;
    }

    /**
     * Returns the class path of the built benchmarks without the given jars. The class path of this process does not
     * serve: in a test it may name the jar of a service, whose manifest brings all libraries back.
     */
    private static String classPath(Path home, List<String> without) throws IOException {
        Path target = home.resolve("tools").resolve("benchmarks").resolve("target");
        try (Stream<Path> libraries = Files.list(target.resolve("lib"))) {
            return Stream.concat(Stream.of(target.resolve("benchmarks.jar")), libraries.sorted())
                    .filter(jar -> without.stream().noneMatch(jar.getFileName().toString()::startsWith))
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    private void awaitResponse(Path log) throws InterruptedException {
        ApiClient api = new ApiClient();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try {
                api.get(port, "/", Optional.empty());
                return;
            } catch (UserException notYet) {
                Thread.sleep(100);
            }
        }
        close();
        // The log is deleted with the stack.
        throw new UserException("A peer did not start. The last lines of its log:\n" + LogTail.of(log));
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        Processes.stop(List.of(process), Duration.ofSeconds(20));
    }
}
