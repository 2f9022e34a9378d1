package org.countersign.support.datasource;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses connections through a pooler that gives a client another server connection for each transaction. Session
 * advisory locks, prepared statements and session settings do not survive it.
 *
 * <p>A direct connection is recognised by its process id: the protocol and {@code pg_backend_pid()} name the same
 * process. A pooler sends a made-up id. Behind a pooler, the check looks for a shared session with a second connection:
 *
 * <ol>
 *   <li>Two transactions of the first connection. A pooler that takes its server connections in turn gives the second
 *       one another session.
 *   <li>A transaction of the second connection. A pooler that takes the server connection used last gives it the
 *       session of the first connection.
 * </ol>
 *
 * <p>Both are proofs: in session pooling, a client keeps one session until it disconnects, and nobody else has it.
 * Other clients may take sessions in between, so the check is repeated.
 */
final class PoolerCheck {

    private static final Logger LOG = LoggerFactory.getLogger(PoolerCheck.class);
    private static final int ROUNDS = 10;
    /** A process id is unique on one server. After a promotion, two servers may have the same one. */
    private static final String SESSION = "select pg_backend_pid(), pg_postmaster_start_time()::text";

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);

    private PoolerCheck() {}

    /** Opens another connection with the same settings. */
    @FunctionalInterface
    interface Opener {
        Connection open() throws SQLException;
    }

    private record Session(int process, String serverStart) {}

    /**
     * Waits for the database, and passes if the connection to it is suitable. Flyway and the pool would hide the reason
     * behind two minutes of retries.
     *
     * @param connections opens checked connections
     * @param timeout how long to wait for the database. Without an answer, the start goes on and fails later.
     * @throws org.countersign.support.start.StartRefusedException if the connection leads through an unsuitable pooler
     */
    static void atStart(DataSource connections, Duration timeout) {
        long start = System.nanoTime();
        do {
            try (Connection checked = connections.getConnection()) {
                LOG.debug("The connection to the database is suitable: {}", checked);
                return;
            } catch (UnsuitablePoolerException e) {
                throw e.refusal();
            } catch (SQLException e) {
                LOG.debug("The database does not answer: {}", e.getMessage());
            }
        } while (System.nanoTime() - start < timeout.toNanos() && pause());
    }

    private static boolean pause() {
        try {
            Thread.sleep(RETRY_INTERVAL.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Passes if a connection keeps its session between transactions.
     *
     * @param opened the new connection, in auto-commit mode
     * @param another opens a second connection, if a pooler has to be examined
     * @throws UnsuitablePoolerException if it does not
     */
    static void requireSession(Connection opened, Opener another) throws SQLException {
        Session session = session(opened);
        if (opened.unwrap(PGConnection.class).getBackendPID() == session.process()) {
            return;
        }
        try (Connection second = another.open()) {
            for (int round = 0; round < ROUNDS; round++) {
                requireSame(session, session(opened));
                if (sessionInTransaction(second).equals(session)) {
                    throw UnsuitablePoolerException.sharesSessions(null);
                }
                requireSame(session, session(opened));
                second.rollback();
            }
        }
    }

    private static void requireSame(Session before, Session now) throws UnsuitablePoolerException {
        if (!now.equals(before)) {
            throw UnsuitablePoolerException.sharesSessions(null);
        }
    }

    /** Leaves the transaction open, so that a pooler cannot give its session away. */
    private static Session sessionInTransaction(Connection connection) throws SQLException {
        try {
            connection.setAutoCommit(false);
            return session(connection);
        } catch (SQLException e) {
            // PgBouncer says so when a transaction begins.
            if (says(e, "statement pooling")) {
                throw UnsuitablePoolerException.sharesSessions(e);
            }
            throw e;
        }
    }

    private static Session session(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SESSION)) {
            row.next();
            return new Session(row.getInt(1), row.getString(2));
        }
    }

    /** Translates the error of a pooler that refuses a setting. PgBouncer gives all its errors the same SQLSTATE. */
    static SQLException translated(SQLException e) {
        return says(e, "unsupported startup parameter") ? UnsuitablePoolerException.refusesSettings(e) : e;
    }

    private static boolean says(SQLException e, String text) {
        return e.getMessage() != null && e.getMessage().contains(text);
    }
}
