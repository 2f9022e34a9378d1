package org.countersign.support.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Registers each new connection with a {@link PromotionTracker}, and gives it the timeout for statements. Refuses
 * unsuitable poolers, also after a failover.
 */
final class TrackedDataSource extends DelegatingDataSource {

    private static final Logger LOG = LoggerFactory.getLogger(TrackedDataSource.class);

    private final PromotionTracker tracker;
    private final int statementTimeoutMillis;
    private final AtomicBoolean unsuitable = new AtomicBoolean();

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
        return tracked(super::getConnection);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return tracked(() -> super.getConnection(user, password));
    }

    private Connection tracked(PoolerCheck.Opener opener) throws SQLException {
        Connection opened;
        try {
            opened = opener.open();
        } catch (SQLException e) {
            throw noted(PoolerCheck.translated(e));
        }
        try {
            tracker.opened(opened);
            PoolerCheck.requireSession(opened, opener);
            opened.setNetworkTimeout(Runnable::run, statementTimeoutMillis);
            unsuitable.set(false);
            return opened;
        } catch (SQLException e) {
            opened.close();
            throw noted(e);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Logs an unsuitable pooler once. The pool retries without an end, and logs nothing. */
    private SQLException noted(SQLException e) {
        if (e instanceof UnsuitablePoolerException && unsuitable.compareAndSet(false, true)) {
            LOG.error("{} {}", e.getMessage(), UnsuitablePoolerException.FIX);
        }
        return e;
    }
}
