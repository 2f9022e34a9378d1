package org.countersign.support.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Registers each new connection with a {@link PromotionTracker}, and gives it the timeout for statements. */
final class TrackedDataSource extends DelegatingDataSource {

    private final PromotionTracker tracker;
    private final int statementTimeoutMillis;

    /**
     * @param target opens new connections, with a timeout for opening
     * @param statementTimeoutMillis how long an open connection waits for an answer, 0 for no limit
     */
    TrackedDataSource(DataSource target, PromotionTracker tracker, int statementTimeoutMillis) {
        super(target);
        this.tracker = tracker;
        this.statementTimeoutMillis = statementTimeoutMillis;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return tracked(super.getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return tracked(super.getConnection(user, password));
    }

    private Connection tracked(Connection opened) throws SQLException {
        try {
            tracker.opened(opened);
            opened.setNetworkTimeout(Runnable::run, statementTimeoutMillis);
            return opened;
        } catch (SQLException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }
}
