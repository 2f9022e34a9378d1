package org.countersign.localstack.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.Route;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL primary and its synchronous standby, with a supervisor.
 *
 * <p>The supervisor promotes the standby when the primary is gone. Before that, it kills the old primary, and
 * afterwards it turns the old primary into the new standby. It stands for an operator such as CloudNativePG or Patroni
 * in tests. It knows nothing of networks between machines, and no production system should use it.
 */
public final class PostgresCluster implements AutoCloseable {

    private static final String REPLICATION_ROLE = "replicator";
    /** The time within which a started standby streams, if its data allows that. */
    static final Duration STREAMING_TIMEOUT = Duration.ofSeconds(15);

    /** Timeouts that notice a lost machine within seconds. */
    private static final Map<String, String> REPLICATION_TIMEOUTS = Map.of(
            "wal_receiver_timeout", "5s",
            "wal_sender_timeout", "5s",
            "wal_retrieve_retry_interval", "500ms",
            "wal_keep_size", "1GB",
            "tcp_user_timeout", "10s",
            "tcp_keepalives_idle", "3",
            "tcp_keepalives_interval", "1",
            "tcp_keepalives_count", "3");

    /** What a commit does while no standby has it. */
    public enum CommitPolicy {
        /** It waits for a standby. */
        REQUIRED,
        /** It succeeds without a standby. It is lost if the primary is lost. */
        PREFERRED
    }

    private final PostgresClusterFiles files;
    private final PostgresNode[] nodes = new PostgresNode[2];
    private final ClusterSettings settings;
    private final PostgresSupervisor supervisor;
    private @Nullable Path program;
    private int primary;
    private boolean synchronous = true;

    /**
     * What a cluster is started with.
     *
     * @param data the directory for the data of both servers, which may already exist
     * @param endpoints where the two servers listen
     * @param route how the servers, their clients and the supervisor reach them
     * @param log the path of the files for their output, without a number and {@code .log}
     * @param administratorPassword the administrator's password, the same for every start with the same data
     * @param replicationPassword the password of the role that replicates, the same for every start
     */
    public record ClusterSettings(
            Path data,
            List<Endpoint> endpoints,
            Route route,
            Path log,
            CommitPolicy policy,
            String administratorPassword,
            String replicationPassword) {

        /** Omits the passwords. */
        @Override
        public String toString() {
            return "ClusterSettings[" + data + "]";
        }
    }

    /**
     * Describes a cluster without starting it.
     *
     * @param statusListener receives the name of a server and what the supervisor does with it
     */
    public PostgresCluster(ClusterSettings settings, BiConsumer<String, String> statusListener) {
        this.settings = settings;
        this.files = new PostgresClusterFiles(settings.data());
        this.supervisor = new PostgresSupervisor(this, settings.policy(), statusListener);
        for (int i = 0; i < nodes.length; i++) {
            Endpoint listens = settings.endpoints().get(i);
            nodes[i] = new PostgresNode(
                    "node_" + (i + 1),
                    listens,
                    settings.route().to(listens),
                    files.directory(i),
                    Path.of(settings.log() + "-" + (i + 1) + ".log"),
                    settings.administratorPassword());
        }
    }

    /**
     * Starts a cluster on free ports.
     *
     * @param directory the directory for its data and its output
     * @param password the password of the administrator and of the role that replicates
     */
    public static PostgresCluster start(Path directory, CommitPolicy policy, String password) {
        List<Endpoint> endpoints = List.of(Endpoint.loopback(FreePorts.any()), Endpoint.loopback(FreePorts.any()));
        PostgresCluster cluster = new PostgresCluster(
                new ClusterSettings(
                        directory.resolve("postgres"),
                        endpoints,
                        Route.DIRECT,
                        directory.resolve("postgres"),
                        policy,
                        password,
                        password),
                (part, status) -> {});
        cluster.start();
        return cluster;
    }

    /**
     * Starts both servers and waits until the standby streams.
     *
     * @throws IllegalStateException if a server does not start
     */
    public void start() {
        try {
            Files.createDirectories(settings.data());
            Files.createDirectories(settings.log().toAbsolutePath().getParent());
            startBoth();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start", e);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL did not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("PostgreSQL's start was interrupted", e);
        }
    }

    private void startBoth() throws IOException, SQLException, InterruptedException {
        program = files.program(settings.log(), settings.administratorPassword());
        files.writePassword(REPLICATION_ROLE, settings.replicationPassword());
        primary = files.readPrimary();
        boolean first = files.isFirstStart();
        if (first) {
            PostgresClusterFiles.allowReplication(primaryNode().data(), REPLICATION_ROLE);
        }
        start(primary);
        if (first) {
            createReplicationRole();
        }
        setSynchronous(true);
        files.writePrimary(primary);
        if (standbyNode().hasData() && standbyNode().isStandby()) {
            startStandby();
        } else {
            rebuildStandby();
        }
        supervisor.start();
    }

    private void createReplicationRole() throws SQLException {
        primaryNode().ask("create role " + REPLICATION_ROLE + " login replication");
        primaryNode()
                .ask("alter role " + REPLICATION_ROLE + " password '"
                        + settings.replicationPassword().replace("'", "''") + "'");
    }

    PostgresNode primaryNode() {
        return nodes[primary];
    }

    PostgresNode standbyNode() {
        return nodes[1 - primary];
    }

    /** Starts a node. Its data tells whether it is a standby. */
    private void start(int node) throws InterruptedException {
        Endpoint other = nodes[1 - node].reached();
        Map<String, String> replication = new HashMap<>(REPLICATION_TIMEOUTS);
        replication.put(
                "primary_conninfo",
                "host=%s port=%d user=%s passfile=%s application_name=%s connect_timeout=3 sslmode=disable"
                        .formatted(
                                other.host(),
                                other.port(),
                                REPLICATION_ROLE,
                                files.password().toAbsolutePath(),
                                nodes[node].name()));
        nodes[node].start(Objects.requireNonNull(program), replication);
    }

    /** Starts the standby and returns when it streams. A standby that cannot is copied again. */
    void startStandby() throws IOException, SQLException, InterruptedException {
        start(1 - primary);
        if (!awaitStreaming()) {
            rebuildStandby();
        }
    }

    /** Replaces the data of the standby with a copy of the primary's, and returns when it streams. */
    void rebuildStandby() throws IOException, SQLException, InterruptedException {
        PostgresNode standby = standbyNode();
        standby.kill();
        if (Files.exists(standby.data())) {
            Directories.delete(standby.data());
        }
        PostgresBackup.copy(primaryNode().data(), standby.data(), primaryNode().administratorPassword());
        standby.makeStandby();
        start(1 - primary);
        if (!awaitStreaming()) {
            throw new IllegalStateException("The standby of PostgreSQL does not stream");
        }
    }

    private boolean awaitStreaming() throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + STREAMING_TIMEOUT.toNanos();
        while (System.nanoTime() < deadline && standbyNode().process().isPresent()) {
            if (isStreaming()) {
                return true;
            }
            Thread.sleep(100);
        }
        return false;
    }

    /** Returns whether the standby receives what the primary writes. */
    boolean isStreaming() throws SQLException {
        return "1"
                .equals(primaryNode()
                        .check("select count(*) from pg_stat_replication where state = 'streaming' "
                                + "and application_name = '"
                                + standbyNode().name() + "'"));
    }

    /** Sets whether a commit waits for the other node. Both nodes have the same setting, whichever is the primary. */
    void setSynchronous(boolean wanted) throws SQLException {
        primaryNode()
                .ask("alter system set synchronous_standby_names = '"
                        + (wanted ? "ANY 1 (" + nodes[0].name() + ", " + nodes[1].name() + ")" : "")
                        + "'");
        primaryNode().ask("select pg_reload_conf()");
        synchronous = wanted;
    }

    /** Makes the standby the primary. The old primary must not be running. */
    void promote() throws SQLException, IOException {
        standbyNode().ask("select pg_promote(true, 30)");
        primary = 1 - primary;
        files.writePrimary(primary);
    }

    /** Starts the server that is not the primary, with the data that it has. */
    void startOther() throws InterruptedException {
        start(1 - primary);
    }

    /** Restarts the primary, which must not be running. */
    void restartPrimary() throws InterruptedException {
        start(primary);
    }

    /** Returns the names of the servers: PostgreSQL with a number. */
    public static List<String> parts() {
        return List.of(part(0), part(1));
    }

    private static String part(int node) {
        return "PostgreSQL-" + (node + 1);
    }

    private PostgresNode node(String part) {
        return nodes[parts().indexOf(part)];
    }

    /** Returns the name of the primary. */
    public synchronized String primary() {
        return part(primary);
    }

    /** Returns the name of the standby. */
    public synchronized String standby() {
        return part(1 - primary);
    }

    /** Returns whether commits wait for the standby. */
    public synchronized boolean isSynchronous() {
        return synchronous;
    }

    /** Returns the supervisor, which a drill may interrupt. */
    public PostgresSupervisor supervisor() {
        return supervisor;
    }

    /** Returns the first process of a server while it runs. */
    public Optional<ProcessHandle> process(String part) {
        return node(part).process().map(Process::toHandle);
    }

    /** Returns whether a server is the primary and answers, or the standby and streams. */
    public synchronized boolean isReady(String part) {
        try {
            return node(part) == primaryNode() ? primaryNode().answers() : isStreaming();
        } catch (SQLException e) {
            return false;
        }
    }

    /** Returns the JDBC URL of a database, with both servers. The driver connects to the primary. */
    public String url(String database) {
        return url(List.of(nodes).stream().map(PostgresNode::listens).toList(), Route.DIRECT, database);
    }

    /** Returns the JDBC URL of a database of servers that may not have started yet. */
    public static String url(List<Endpoint> endpoints, Route route, String database) {
        String servers = endpoints.stream()
                .map(endpoint -> route.to(endpoint).toString())
                .collect(Collectors.joining(","));
        return "jdbc:postgresql://" + servers + "/" + database + "?targetServerType=primary";
    }

    /** Returns what creates and drops databases. */
    public PostgresDatabases databases() {
        return new PostgresDatabases(() -> primaryNode().connect());
    }

    /** Stops both servers, the primary first, so that the standby receives everything. */
    @Override
    public void close() {
        supervisor.close();
        synchronized (this) {
            primaryNode().stop();
            standbyNode().stop();
        }
    }
}
