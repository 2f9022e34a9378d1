package org.countersign.support.lock;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;

/** Of several instances the one that has it: an advisory lock in PostgreSQL, held by a connection of its own. */
public final class AdvisoryLock implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 5;

    private final Connection connection;
    private final long key;

    private AdvisoryLock(Connection connection, long key) {
        this.connection = connection;
        this.key = key;
    }

    /** What is done by whoever has the lock, as long as they have it. */
    @FunctionalInterface
    public interface Task {
        void run(AdvisoryLock lock) throws SQLException, InterruptedException;
    }

    /** Takes the lock and does the task, unless another instance has the lock; whether it was free. */
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

    /** @throws SQLException if the connection that holds the lock is gone */
    public void check() throws SQLException {
        if (!connection.isValid(PATIENCE_SECONDS)) {
            throw new SQLException("the connection that holds the lock is gone");
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            ask(connection, "select pg_advisory_unlock(" + key + ")");
        }
    }
}
