package org.countersign.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.countersign.localstack.LocalStack;
import org.countersign.localstack.ServiceLauncher;
import org.countersign.localstack.StackDatabase;
import org.countersign.localstack.StackLayout;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.MetricsSnapshot;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.server.Directories;

/** A separate local stack for a benchmark, with access to its databases and metrics. */
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
    private final LocalStack localStack;
    private boolean closed;

    /**
     * @param home the project's directory; its target directory holds the data until the stack is closed
     * @param offset added to every port
     * @param options options for the Java virtual machines of the product and the peers
     */
    BenchmarkStack(Path home, int offset, List<String> options) throws IOException {
        this(home, offset, options, StackLayout.PLAIN);
    }

    /** Like {@link #BenchmarkStack(Path, int, List)}, with another structure. */
    BenchmarkStack(Path home, int offset, List<String> options, StackLayout layout) throws IOException {
        this.ports = Ports.withOffset(offset);
        this.offset = offset;
        this.options = options;
        layout.requireFreePorts(ports);
        this.data = Files.createTempDirectory(Files.createDirectories(home.resolve("target")), "bench");
        Files.createDirectories(logs());
        this.localStack = new LocalStack(ports, home, data, options, layout, (part, where) -> {});
        // Ctrl-C must stop all processes.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "close"));
    }

    /** Starts a comparison program, see {@link PeerProcess#start}. */
    PeerProcess startPeer(
            Class<?> main, List<String> without, Optional<StackDatabase> database, Map<String, String> settings)
            throws IOException, InterruptedException {
        return PeerProcess.start(main, options, without, database, localStack.kafka(), settings, logs());
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

    LocalStack localStack() {
        return localStack;
    }

    void startAll() throws InterruptedException {
        localStack.start(PASSWORDS);
    }

    void start(String service) throws InterruptedException {
        localStack.startService(service, PASSWORDS);
    }

    /** Starts a service with additional settings. */
    void start(String service, Map<String, String> more) throws InterruptedException {
        Map<String, String> settings = new HashMap<>(PASSWORDS);
        settings.putAll(more);
        localStack.startService(service, settings);
    }

    /** Starts another instance of a service on the given port. */
    void startAnother(String service, int port) throws InterruptedException {
        localStack.startInstance(service, port, PASSWORDS);
    }

    /** Replaces an instance by one of another version and returns when it is ready. */
    void replace(String instance, ServiceLauncher launcher) throws InterruptedException {
        localStack.replaceInstance(instance, launcher, PASSWORDS);
    }

    /** Starts the signature service without maintenance of the public log. */
    void startWithoutPublicLog() throws InterruptedException {
        start("signature-service", Map.of(TRANSPARENCY, "false"));
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
                        organiser()));
    }

    /** Returns the counter's pending signatures, once they are at least as many as expected or a minute has passed. */
    long awaitPending(long expected) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        long pending = pending();
        while (pending < expected && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(200);
            pending = pending();
        }
        return pending;
    }

    private long pending() {
        return api.get(ports.counterProjection(), "/api/petitions/" + PETITION + "/funnel", auditor())
                .json()
                .path("pending")
                .asLong(-1);
    }

    /**
     * Returns the command for a burst on the petition, without the size of the burst. It writes its figures to a file.
     */
    List<String> burstCommand(Path json) {
        return List.of(
                "burst",
                "--port-offset",
                Integer.toString(offset),
                "--petition",
                PETITION,
                "--json",
                json.toString(),
                "--credentials",
                auditor().orElseThrow());
    }

    /** Opens a connection to a database of the stack. */
    Connection connect(String database) throws SQLException {
        StackDatabase connection = localStack.database(database);
        Properties properties = new Properties();
        properties.setProperty("user", connection.user());
        properties.setProperty("password", connection.password());
        return DriverManager.getConnection(connection.url(), properties);
    }

    /** Runs a query and returns its single number. */
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

    /** Returns whether the relay has published all events. */
    boolean hasPublishedAll() {
        return metrics(ports.signatureServiceManagement())
                        .highest("countersign_relay_lag_events")
                        .orElse(0)
                <= 0;
    }

    /** Waits until the relay has published all events, so that its work does not affect the next measurement. */
    void settle() throws InterruptedException {
        while (!hasPublishedAll()) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
        // PostgreSQL writes pending data now instead of during the next measurement.
        TimeUnit.MILLISECONDS.sleep(500);
    }

    /** Returns the auditor's credentials. */
    static Optional<String> auditor() {
        return Optional.of("auditor:" + PASSWORDS.get("COUNTERSIGN_AUDITOR_PASSWORD"));
    }

    /** Returns the organiser's credentials. */
    static Optional<String> organiser() {
        return Optional.of("organiser:" + PASSWORDS.get("COUNTERSIGN_ORGANISER_PASSWORD"));
    }

    Admin kafkaAdmin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, localStack.kafka()));
    }

    /** Returns the durability settings as PostgreSQL and Kafka report them. */
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
                    "synchronous_standby_names",
                    "shared_buffers")) {
                try (ResultSet row = statement.executeQuery("show " + name)) {
                    row.next();
                    settings.put("postgresql " + name, row.getString(1));
                }
            }
        }
        try (Admin admin = kafkaAdmin()) {
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
            Config config = admin.describeConfigs(List.of(broker))
                    .all()
                    .get()
                    .values()
                    .iterator()
                    .next();
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
            localStack.close();
            Directories.delete(data);
        }
    }
}
