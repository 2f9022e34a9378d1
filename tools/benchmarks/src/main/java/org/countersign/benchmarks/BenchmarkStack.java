package org.countersign.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.MetricsSnapshot;
import org.countersign.localstack.client.Ports;

/** A stack of its own for a benchmark, with ways to look into it. */
final class BenchmarkStack implements AutoCloseable {

    static final String PETITION = "bench";
    private static final Map<String, String> PASSWORDS = Map.of(
            "COUNTERSIGN_ORGANISER_PASSWORD", "bench-organiser", "COUNTERSIGN_AUDITOR_PASSWORD", "bench-auditor");
    private static final String TRANSPARENCY = "COUNTERSIGN_TRANSPARENCY_ENABLED";

    private final ApiClient api = new ApiClient();
    private final Ports ports;
    private final Path data;
    private final int offset;
    private final List<String> options;
    private final LocalStack stack;
    private boolean closed;

    /**
     * @param home the project's directory; the data goes into its target directory, until the site is closed
     * @param offset added to every port
     * @param options for the Java virtual machines of all that is compared
     */
    BenchmarkStack(Path home, int offset, List<String> options) throws IOException {
        this.ports = Ports.withOffset(offset);
        this.offset = offset;
        this.options = options;
        ports.requireFree();
        this.data = Files.createTempDirectory(Files.createDirectories(home.resolve("target")), "bench");
        Files.createDirectories(logs());
        this.stack = new LocalStack(ports, home, data, options, LocalStack.Layout.PLAIN, (part, where) -> {});
        // A Ctrl-C must leave nothing running.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "close"));
    }

    /** Starts a program that the product is compared with; see {@link PeerProcess#start}. */
    PeerProcess startPeer(
            Class<?> main, List<String> without, Optional<LocalStack.Database> database, Map<String, String> settings)
            throws IOException, InterruptedException {
        return PeerProcess.start(main, options, without, database, stack.kafka(), settings, logs());
    }

    Ports ports() {
        return ports;
    }

    int offset() {
        return offset;
    }

    Path logs() {
        return data.resolve("logs");
    }

    LocalStack stack() {
        return stack;
    }

    void startAll() throws InterruptedException {
        stack.start(PASSWORDS);
    }

    void start(String service) throws InterruptedException {
        stack.startService(service, PASSWORDS);
    }

    /** Starts one more instance of a service, on a port of its own. */
    void startAnother(String service, int port) throws InterruptedException {
        stack.startAnother(service, port, PASSWORDS);
    }

    /** Starts the signature service so that it leaves the public log as it is. */
    void startWithoutPublicLog() throws InterruptedException {
        Map<String, String> settings = new HashMap<>(PASSWORDS);
        settings.put(TRANSPARENCY, "false");
        stack.startService("signature-service", settings);
    }

    void publishPetition() {
        ApiClient.require(
                201,
                api.post(
                        ports.signatureService(),
                        "/api/petitions",
                        Map.of(
                                "slug",
                                PETITION,
                                "title",
                                "Benches for the market place",
                                "statement",
                                "We ask for benches on the market place, so that one can rest there.",
                                "recipients",
                                List.of("The town council"),
                                "goal",
                                1_000_000_000,
                                "organiser",
                                Map.of("name", "Bea Bench", "email", "bea@bench.example")),
                        Optional.of("organiser:" + PASSWORDS.get("COUNTERSIGN_ORGANISER_PASSWORD"))));
    }

    Connection connect(String database) throws SQLException {
        LocalStack.Database connection = stack.database(database);
        Properties properties = new Properties();
        properties.setProperty("user", connection.user());
        properties.setProperty("password", connection.password());
        return DriverManager.getConnection(connection.url(), properties);
    }

    long number(String database, String query) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    void execute(String database, String command) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    MetricsSnapshot metrics(int port) {
        return api.metrics(port);
    }

    /** Whether the signature service has published everything that was signed. */
    boolean hasPublishedAll() {
        return metrics(ports.signatureService())
                        .highest("countersign_relay_lag_events")
                        .orElse(0)
                <= 0;
    }

    /** Waits until everything that was signed is published, so that nobody's work falls into another's turn. */
    void settle() throws InterruptedException {
        while (!hasPublishedAll()) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
        // What PostgreSQL has yet to write is written now and not in the next turn.
        TimeUnit.MILLISECONDS.sleep(500);
    }

    /** The auditor's credentials. */
    static Optional<String> auditor() {
        return Optional.of("auditor:" + PASSWORDS.get("COUNTERSIGN_AUDITOR_PASSWORD"));
    }

    Admin kafkaAdmin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, stack.kafka()));
    }

    /** What PostgreSQL and Kafka say of the settings that make what they have accepted last. */
    Map<String, String> durableSettings() throws Exception {
        Map<String, String> settings = new HashMap<>();
        try (Connection connection = connect("signature_service");
                Statement statement = connection.createStatement()) {
            for (String name : List.of(
                    "server_version",
                    "fsync",
                    "synchronous_commit",
                    "full_page_writes",
                    "wal_sync_method",
                    "shared_buffers")) {
                try (ResultSet row = statement.executeQuery("show " + name)) {
                    row.next();
                    settings.put("postgresql " + name, row.getString(1));
                }
            }
        }
        try (Admin admin = kafkaAdmin()) {
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
            Config config = admin.describeConfigs(List.of(broker)).all().get().get(broker);
            for (String name : List.of("log.flush.interval.ms", "min.insync.replicas", "default.replication.factor")) {
                settings.put("kafka " + name, config.get(name).value());
            }
        }
        return settings;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            stack.close();
            delete();
        }
    }

    private void delete() {
        try (Stream<Path> paths = Files.walk(data)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what was measured on is left in " + data, e);
        }
    }
}
