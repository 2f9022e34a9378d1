package org.countersign.testkit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Holds the lock of the event log, so that a commit hangs until this is closed. */
public final class LockedLog implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Connection connection;

    /** @param connection a connection of the database's owner, which is closed with the lock */
    public LockedLog(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select last_index from log_head for update");
        }
    }

    /** Waits until a commit hangs. */
    public void awaitHangingCommit() {
        Awaitility.await().atMost(TIMEOUT).until(this::isAwaited);
    }

    private boolean isAwaited() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from pg_locks where not granted and pid <> pg_backend_pid()")) {
            row.next();
            return row.getInt(1) > 0;
        }
    }

    /** Releases the lock. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
