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
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL primary and its synchronous standby, with a supervisor.
 *
 * <p>The supervisor promotes the standby when the primary is gone. Before that, it kills the old primary, and
 * afterwards it turns the old primary into the new standby. It stands for an operator such as CloudNativePG or Patroni
 * in tests. It knows nothing of networks between machines, and no production system should use it.
 */
public final class PostgresCluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresCluster.class);
    private static final String REPLICATION_ROLE = "replicator";
    private static final long POLL_INTERVAL_MILLIS = 500;
    /** The number of failed checks after which a running primary is replaced. An ended one is replaced at once. */
    private static final int FAILED_CHECKS = 3;

    private static final Duration STREAMING_TIMEOUT = Duration.ofSeconds(15);
    /** A standby that does not stream for this time is away. */
    private static final Duration AWAY_TIME = Duration.ofSeconds(3);

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
    private final CommitPolicy policy;
    private final PostgresNode[] nodes = new PostgresNode[2];
    private final String replicationPassword;
    private final BiConsumer<String, String> statusListener;
    private final Thread supervisor = new Thread(this::supervise, "postgres-supervisor");
    private int primary;
    private int failures;
    private long streamedAt;
    private boolean synchronous = true;
    private volatile boolean closed;

    private PostgresCluster(
            Path data,
            List<Endpoint> endpoints,
            Route route,
            Path log,
            CommitPolicy policy,
            String administratorPassword,
            String replicationPassword,
            BiConsumer<String, String> statusListener) {
        this.files = new PostgresClusterFiles(data);
        this.policy = policy;
        this.replicationPassword = replicationPassword;
        this.statusListener = statusListener;
        Path program = files.program(log, administratorPassword);
        for (int i = 0; i < nodes.length; i++) {
            Endpoint listens = endpoints.get(i);
            nodes[i] = new PostgresNode(
                    "node_" + (i + 1),
                    listens,
                    route.to(listens),
                    files.directory(i),
                    Path.of(log + "-" + (i + 1) + ".log"),
                    program,
                    administratorPassword);
        }
    }

    /**
     * Starts both servers and waits until the standby streams.
     *
     * @param data the directory for the data of both, which may already exist
     * @param endpoints where the two servers listen
     * @param route how the servers, their clients and the supervisor reach them
     * @param log the path of the files for their output, without a number and {@code .log}
     * @param administratorPassword the administrator's password, the same for every start with the same data
     * @param replicationPassword the password of the role that replicates, the same for every start
     * @param statusListener receives the name of a server and what the supervisor does with it
     * @throws IllegalStateException if a server does not start
     */
    public static PostgresCluster start(
            Path data,
            List<Endpoint> endpoints,
            Route route,
            Path log,
            CommitPolicy policy,
            String administratorPassword,
            String replicationPassword,
            BiConsumer<String, String> statusListener) {
        try {
            Files.createDirectories(data);
            Files.createDirectories(log.toAbsolutePath().getParent());
            PostgresCluster cluster = new PostgresCluster(
                    data, endpoints, route, log, policy, administratorPassword, replicationPassword, statusListener);
            cluster.startBoth();
            return cluster;
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
        files.writePassword(REPLICATION_ROLE, replicationPassword);
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
        supervisor.setDaemon(true);
        supervisor.start();
    }

    private void createReplicationRole() throws SQLException {
        primaryNode().ask("create role " + REPLICATION_ROLE + " login replication");
        primaryNode()
                .ask("alter role " + REPLICATION_ROLE + " password '" + replicationPassword.replace("'", "''") + "'");
    }

    private PostgresNode primaryNode() {
        return nodes[primary];
    }

    private PostgresNode standbyNode() {
        return nodes[1 - primary];
    }

    /** Starts a node. Its data tells whether it is a standby. */
    private void start(int node) throws InterruptedException {
        Endpoint other = nodes[1 - node].reached();
        Map<String, String> settings = new HashMap<>(REPLICATION_TIMEOUTS);
        settings.put(
                "primary_conninfo",
                "host=%s port=%d user=%s passfile=%s application_name=%s connect_timeout=3 sslmode=disable"
                        .formatted(
                                other.host(),
                                other.port(),
                                REPLICATION_ROLE,
                                files.password().toAbsolutePath(),
                                nodes[node].name()));
        nodes[node].start(settings);
    }

    /** Returns when the standby streams. A standby that cannot is copied again. */
    private void startStandby() throws IOException, SQLException, InterruptedException {
        start(1 - primary);
        if (!awaitStreaming()) {
            rebuildStandby();
        }
    }

    private void rebuildStandby() throws IOException, SQLException, InterruptedException {
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

    private boolean isStreaming() throws SQLException {
        boolean streaming = "1"
                .equals(primaryNode()
                        .check("select count(*) from pg_stat_replication where state = 'streaming' "
                                + "and application_name = '"
                                + standbyNode().name() + "'"));
        if (streaming) {
            streamedAt = System.nanoTime();
        }
        return streaming;
    }

    /** Sets whether a commit waits for the other node. Both nodes have the same setting, whichever is the primary. */
    private void setSynchronous(boolean wanted) throws SQLException {
        primaryNode()
                .ask("alter system set synchronous_standby_names = '"
                        + (wanted ? "ANY 1 (" + nodes[0].name() + ", " + nodes[1].name() + ")" : "")
                        + "'");
        primaryNode().ask("select pg_reload_conf()");
        synchronous = wanted;
    }

    private void supervise() {
        while (!closed) {
            try {
                Thread.sleep(POLL_INTERVAL_MILLIS);
                superviseOnce();
            } catch (InterruptedException e) {
                return;
            } catch (SQLException | IOException | RuntimeException e) {
                LOG.debug("PostgreSQL's supervisor tries again: {}", e.getMessage());
            }
        }
    }

    private synchronized void superviseOnce() throws SQLException, IOException, InterruptedException {
        if (closed) {
            return;
        }
        if (primaryNode().process().isEmpty()) {
            failures = FAILED_CHECKS;
        } else {
            failures = answers(primaryNode()) ? 0 : failures + 1;
        }
        if (failures >= FAILED_CHECKS) {
            failOver();
        } else if (failures == 0) {
            superviseStandby();
        }
    }

    private static boolean answers(PostgresNode node) {
        try {
            return node.check("select 1") != null;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Promotes the standby, if it has every acknowledged commit. Otherwise restarts the primary. */
    private void failOver() throws SQLException, IOException, InterruptedException {
        primaryNode().kill();
        if (!synchronous || !answers(standbyNode())) {
            statusListener.accept(part(primary), "ended unexpectedly and is restarted");
            start(primary);
            failures = 0;
            return;
        }
        promote();
        rebuildAfterPromotion();
    }

    private void promote() throws SQLException, IOException {
        statusListener.accept(part(1 - primary), "is promoted, because " + part(primary) + " is gone");
        standbyNode().ask("select pg_promote(true, 30)");
        primary = 1 - primary;
        failures = 0;
        files.writePrimary(primary);
    }

    private void rebuildAfterPromotion() throws SQLException, IOException, InterruptedException {
        rebuildStandby();
        setSynchronous(true);
        statusListener.accept(part(1 - primary), "is the new standby");
    }

    private void superviseStandby() throws SQLException, IOException, InterruptedException {
        if (standbyNode().process().isEmpty()) {
            statusListener.accept(part(1 - primary), "ended unexpectedly and is restarted");
            goOnWithout();
            startStandby();
        }
        if (isStreaming()) {
            if (!synchronous) {
                setSynchronous(true);
                statusListener.accept(part(1 - primary), "streams again; commits wait for it");
            }
            return;
        }
        long away = System.nanoTime() - streamedAt;
        if (away > AWAY_TIME.toNanos()) {
            goOnWithout();
        }
        if (away > STREAMING_TIMEOUT.toNanos() && answers(standbyNode())) {
            rebuildStandby();
        }
    }

    private void goOnWithout() throws SQLException {
        if (policy == CommitPolicy.PREFERRED && synchronous) {
            setSynchronous(false);
            statusListener.accept(part(1 - primary), "is away; commits do not wait for it");
        }
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

    /** Returns the first process of a server while it runs. */
    public Optional<ProcessHandle> process(String part) {
        return node(part).process().map(Process::toHandle);
    }

    /** Returns whether a server is the primary and answers, or the standby and streams. */
    public synchronized boolean isReady(String part) {
        try {
            return node(part) == primaryNode() ? answers(primaryNode()) : isStreaming();
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
        closed = true;
        supervisor.interrupt();
        synchronized (this) {
            primaryNode().stop();
            standbyNode().stop();
        }
    }
}
