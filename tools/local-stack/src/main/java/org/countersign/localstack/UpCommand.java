package org.countersign.localstack;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.net.Route;
import org.countersign.localstack.server.PostgresCluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts the local stack and keeps it running until a signal ends it. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Start PostgreSQL, Kafka, a mailbox and the three services.",
            "All parts run on this machine. Ctrl-C stops them."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
public class UpCommand implements Callable<Integer> {

    private static final String DEMO_PETITION = "/org/countersign/localstack/demo-petition.json";

    @Mixin
    private Ports ports;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".countersign",
            description = "Directory for all data (${DEFAULT-VALUE}).")
    private Path data;

    @Option(names = "--fresh", description = "Delete the data first.")
    private boolean fresh;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of instances of each service behind one port (${DEFAULT-VALUE}).")
    private int replicas;

    @Option(
            names = "--cluster",
            description = {
                "Start replicated servers and two instances of each service:",
                "three Kafka brokers, and a PostgreSQL primary with a synchronous standby.",
                "A supervisor for tests promotes the standby when the primary is gone."
            })
    private boolean cluster;

    @Option(
            names = "--commit-policy",
            paramLabel = "POLICY",
            defaultValue = "REQUIRED",
            description = "With --cluster: REQUIRED if commits wait for a standby that is away, PREFERRED if not "
                    + "(${DEFAULT-VALUE}).")
    private PostgresCluster.CommitPolicy commitPolicy;

    @Option(
            names = "--limits",
            description = {
                "Apply the limits per network to loopback, too.",
                "X-Forwarded-For from loopback then names the client."
            })
    private boolean limits;

    @Override
    public Integer call() throws Exception {
        if (replicas < 1) {
            throw new UserException("--replicas must be 1 or more.");
        }
        if (cluster && replicas != 1) {
            throw new UserException("--cluster starts two instances of each service. Omit --replicas.");
        }
        data = data.toAbsolutePath().normalize();
        layout().requireFreePorts(ports);
        try (FileChannel lockFile = lock()) {
            if (fresh) {
                deleteData();
            }
            boolean first = !Files.exists(data.resolve("secrets.properties"));
            Files.createDirectories(data.resolve("logs"));
            run(first);
        }
        return 0;
    }

    private StackLayout layout() {
        return cluster
                ? StackLayout.cluster(commitPolicy, Route.DIRECT)
                : StackLayout.of(StackLayout.replicasOfAll(replicas), Route.DIRECT);
    }

    private void run(boolean first) throws InterruptedException {
        Map<String, String> passwords = passwords(first);
        CountDownLatch stopped = new CountDownLatch(1);
        Path home = Path.of(System.getProperty("countersign.home", "."));
        LocalStack stack = new LocalStack(ports, home, data, List.of(), layout(), (part, status) -> {
            out().printf("%-20s %s%n", part, status);
            out().flush();
        });
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            System.out.println("Stopping …");
                            stack.close();
                            System.out.println("Stopped. The data is kept in " + data);
                            stopped.countDown();
                        },
                        "stop"));
        Map<String, String> settings = new HashMap<>(passwords);
        if (limits) {
            settings.putAll(ServiceEnvironment.WITH_LIMITS);
        }
        AotCaches.outdated(home)
                .forEach(service -> out().printf(
                                "%-20s starts without its AOT cache, which is older than the program. "
                                        + "Run ./countersign train to write a new one.%n",
                                service));
        stack.start(settings);
        if (first) {
            publishDemo(passwords);
        }
        report(first, passwords);
        stopped.await();
    }

    private FileChannel lock() throws IOException {
        Files.createDirectories(data);
        FileChannel file = FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.tryLock();
        if (lock == null) {
            file.close();
            throw new UserException(
                    "Another countersign up uses " + data + ". Stop it, or choose another directory with --data.");
        }
        return file;
    }

    private void deleteData() throws IOException {
        if (!Files.exists(data.resolve("secrets.properties")) && !isEmptyButForLock()) {
            throw new UserException(data + " contains files that countersign did not create. It is left unchanged.");
        }
        try (Stream<Path> paths = Files.walk(data)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(data) && !path.equals(data.resolve("lock"))) {
                    Files.delete(path);
                }
            }
        }
    }

    private boolean isEmptyButForLock() throws IOException {
        try (Stream<Path> entries = Files.list(data)) {
            return entries.allMatch(entry -> entry.equals(data.resolve("lock")));
        }
    }

    /**
     * Returns the passwords from the environment. The first start generates missing passwords. Later only the services
     * know them.
     */
    private static Map<String, String> passwords(boolean first) {
        Map<String, String> passwords = new HashMap<>();
        for (String variable : List.of("COUNTERSIGN_ORGANISER_PASSWORD", "COUNTERSIGN_AUDITOR_PASSWORD")) {
            String set = System.getenv(variable);
            if (set != null && !set.isEmpty()) {
                passwords.put(variable, set);
            } else if (first) {
                passwords.put(variable, StackSecrets.generatePassword());
            }
        }
        return passwords;
    }

    private void publishDemo(Map<String, String> passwords) {
        try (InputStream in =
                Objects.requireNonNull(UpCommand.class.getResourceAsStream(DEMO_PETITION), DEMO_PETITION)) {
            JsonNode demo = JsonMapper.builder().build().readTree(in);
            ApiClient.require(
                    201,
                    new ApiClient()
                            .post(
                                    ports.signatureService(),
                                    "/api/petitions",
                                    demo,
                                    Optional.of("organiser:" + passwords.get("COUNTERSIGN_ORGANISER_PASSWORD"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void report(boolean first, Map<String, String> passwords) {
        if (first) {
            passwords.forEach((variable, password) -> {
                if (!password.equals(System.getenv(variable))) {
                    out().println(variable + "=" + password + "   (shown only once)");
                }
            });
        }
        out().println("Mail arrives at " + Ports.url(ports.mailbox()));
        out().println("Countersign is up: " + Ports.url(ports.signatureService()));
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
