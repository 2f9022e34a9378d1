package org.countersign.support.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Reconnects soon after the database is available again. The connection pool alone doubles its pause after each
 * failure, up to five seconds. After an outage of six seconds, it would reconnect only after ten.
 */
final class RetryingDataSource extends DelegatingDataSource {

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** @param target opens new connections */
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
                if (!isUnavailable(e) || System.nanoTime() - start > TIMEOUT.toNanos()) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    /** Recognises lost connections (SQL state class 08) and a server that starts or stops (PostgreSQL class 57P). */
    private static boolean isUnavailable(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    private static void pause(SQLException reason) throws SQLException {
        try {
            Thread.sleep(RETRY_INTERVAL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }
}
