package org.countersign.support.lock;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;

/** An advisory lock in PostgreSQL that one of several instances holds, on a separate connection. */
public final class AdvisoryLock implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 5;

    private final Connection connection;
    private final long key;

    private AdvisoryLock(Connection connection, long key) {
        this.connection = connection;
        this.key = key;
    }

    /** The task of the instance that holds the lock. */
    @FunctionalInterface
    public interface Task {
        void run(AdvisoryLock lock) throws SQLException, InterruptedException;
    }

    /**
     * Runs a task while holding a lock.
     *
     * @param dataSource supplies the connection that holds the lock
     * @param key the key of the lock
     * @param task the task
     * @return false, without running the task, if another instance holds the lock
     * @throws SQLException if the database does not answer
     */
    public static boolean ifFree(DataSource dataSource, long key, Task task) throws SQLException, InterruptedException {
        Optional<AdvisoryLock> taken = tryTake(dataSource, key);
        if (taken.isPresent()) {
            try (AdvisoryLock lock = taken.get()) {
                task.run(lock);
            }
        }
        return taken.isPresent();
    }

    private static Optional<AdvisoryLock> tryTake(DataSource dataSource, long key) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            if (ask(connection, "select pg_try_advisory_lock(" + key + ")")) {
                return Optional.of(new AdvisoryLock(connection, key));
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        connection.close();
        return Optional.empty();
    }

    private static boolean ask(Connection connection, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            return row.next() && row.getBoolean(1);
        }
    }

    /**
     * Checks the lock.
     *
     * @throws SQLException if the connection that holds the lock is lost
     */
    public void check() throws SQLException {
        if (!connection.isValid(TIMEOUT_SECONDS)) {
            throw new SQLException("The connection that holds the lock is lost");
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            ask(connection, "select pg_advisory_unlock(" + key + ")");
        }
    }
}
