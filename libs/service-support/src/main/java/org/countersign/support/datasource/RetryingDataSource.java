package org.countersign.support.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connects as soon as the database is there again. The pool alone doubles its pause after each attempt that failed, up
 * to five seconds: a database that was away for six seconds would be found at the tenth.
 */
final class RetryingDataSource extends DelegatingDataSource {

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** @param target makes each connection anew */
    RetryingDataSource(DataSource target) {
        super(target);
    }

    private interface Attempt {
        Connection connect() throws SQLException;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return untilItIsThere(super::getConnection);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return untilItIsThere(() -> super.getConnection(user, password));
    }

    private static Connection untilItIsThere(Attempt attempt) throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try {
                return attempt.connect();
            } catch (SQLException e) {
                if (!isAway(e) || System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    /**
     * There is no connection (class 08 of the SQL standard's states), or the server is starting or ending (57P of
     * PostgreSQL's).
     */
    private static boolean isAway(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    private static void pause(SQLException reason) throws SQLException {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }
}
