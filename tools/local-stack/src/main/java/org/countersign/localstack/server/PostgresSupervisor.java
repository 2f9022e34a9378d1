package org.countersign.localstack.server;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.countersign.localstack.server.PostgresCluster.CommitPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Promotes the standby of a {@link PostgresCluster} when the primary is gone, and turns the old primary into the new
 * standby.
 *
 * <p>It kills the old primary before it promotes, also if it cannot reach it. So it needs no network to fence it.
 */
public final class PostgresSupervisor {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresSupervisor.class);
    private static final long POLL_INTERVAL_MILLIS = 500;
    /** The number of failed checks after which a running primary is replaced. An ended one is replaced at once. */
    private static final int FAILED_CHECKS = 3;
    /** A standby that does not stream for this time is away. */
    private static final Duration AWAY_TIME = Duration.ofSeconds(3);

    private final PostgresCluster cluster;
    private final BiConsumer<String, String> statusListener;
    private final Thread thread = new Thread(this::run, "postgres-supervisor");
    private CommitPolicy policy;
    private int failures;
    private long streamedAt = System.nanoTime();
    private boolean suspended;
    private volatile boolean closed;

    PostgresSupervisor(PostgresCluster cluster, CommitPolicy policy, BiConsumer<String, String> statusListener) {
        this.cluster = cluster;
        this.policy = policy;
        this.statusListener = statusListener;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                Thread.sleep(POLL_INTERVAL_MILLIS);
                synchronized (cluster) {
                    if (!closed && !suspended) {
                        checkPrimary();
                    }
                }
            } catch (InterruptedException e) {
                return;
            } catch (SQLException | IOException | RuntimeException e) {
                LOG.debug("PostgreSQL's supervisor tries again: {}", e.getMessage());
            }
        }
    }

    private void checkPrimary() throws SQLException, IOException, InterruptedException {
        if (cluster.primaryNode().process().isEmpty()) {
            failures = FAILED_CHECKS;
        } else {
            failures = cluster.primaryNode().answers() ? 0 : failures + 1;
        }
        if (failures >= FAILED_CHECKS) {
            failOver();
        } else if (failures == 0) {
            checkStandby();
        }
    }

    /** Promotes the standby, if it has every acknowledged commit. Otherwise restarts the primary. */
    private void failOver() throws SQLException, IOException, InterruptedException {
        cluster.primaryNode().kill();
        if (!cluster.isSynchronous() || !cluster.standbyNode().answers()) {
            statusListener.accept(cluster.primary(), "ended unexpectedly and is restarted");
            cluster.restartPrimary();
            failures = 0;
            return;
        }
        promote();
        cluster.rebuildStandby();
        cluster.setSynchronous(true);
        statusListener.accept(cluster.standby(), "is the new standby");
    }

    private void promote() throws SQLException, IOException {
        statusListener.accept(cluster.standby(), "is promoted, because " + cluster.primary() + " is gone");
        cluster.promote();
        failures = 0;
        streamedAt = System.nanoTime();
        cluster.setSynchronous(policy == CommitPolicy.REQUIRED);
    }

    private void checkStandby() throws SQLException, IOException, InterruptedException {
        if (cluster.standbyNode().process().isEmpty()) {
            statusListener.accept(cluster.standby(), "ended unexpectedly and is restarted");
            continueWithoutStandby();
            cluster.startStandby();
        }
        if (cluster.isStreaming()) {
            streamedAt = System.nanoTime();
            if (!cluster.isSynchronous()) {
                cluster.setSynchronous(true);
                statusListener.accept(cluster.standby(), "streams again; commits wait for it");
            }
            return;
        }
        long away = System.nanoTime() - streamedAt;
        if (away > AWAY_TIME.toNanos()) {
            continueWithoutStandby();
        }
        boolean secondPrimary = !cluster.standbyNode().isStandby();
        boolean stuck = away > PostgresCluster.STREAMING_TIMEOUT.toNanos()
                && cluster.standbyNode().answers();
        if (secondPrimary || stuck) {
            cluster.rebuildStandby();
        }
    }

    private void continueWithoutStandby() throws SQLException {
        if (policy == CommitPolicy.PREFERRED && cluster.isSynchronous()) {
            cluster.setSynchronous(false);
            statusListener.accept(cluster.standby(), "is away; commits do not wait for it");
        }
    }

    /** Changes what a commit does while the standby is away. */
    public void setPolicy(CommitPolicy next) {
        synchronized (cluster) {
            policy = next;
        }
    }

    /** Stops to replace and to repair servers, until {@link #resume}. */
    public void suspend() {
        synchronized (cluster) {
            suspended = true;
        }
    }

    /** Continues. A server that runs as a second primary is turned into the standby. */
    public void resume() {
        synchronized (cluster) {
            suspended = false;
        }
    }

    /** Makes commits succeed without the standby, while the supervisor is suspended. */
    public void makeAsynchronous() {
        synchronized (cluster) {
            try {
                cluster.setSynchronous(false);
            } catch (SQLException e) {
                throw new IllegalStateException("PostgreSQL's setting was not changed", e);
            }
        }
    }

    /** Kills the primary and promotes the standby, whatever the standby lacks, while the supervisor is suspended. */
    public void promoteStandby() {
        synchronized (cluster) {
            cluster.primaryNode().kill();
            try {
                promote();
            } catch (SQLException | IOException e) {
                throw new IllegalStateException("PostgreSQL's standby was not promoted", e);
            }
        }
    }

    /** Starts the server again that was the primary before, with its own data, while the supervisor is suspended. */
    public void startOldPrimary() throws InterruptedException {
        synchronized (cluster) {
            cluster.startOther();
        }
    }

    void close() {
        closed = true;
        thread.interrupt();
    }
}
