package org.countersign.support.datasource;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices the promotion of a standby. PostgreSQL begins a new timeline with each promotion. The first connection to the
 * new primary ends all connections to the old one, which may never answer: its machine may be gone.
 */
final class PromotionTracker {

    private static final Logger LOG = LoggerFactory.getLogger(PromotionTracker.class);
    private static final String TIMELINE = "select substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";
    private static final int HEXADECIMAL = 16;
    private static final long UNKNOWN = 0;

    private final Supplier<Stream<PromotionListener>> listeners;
    private final Set<Connection> open = Collections.newSetFromMap(new WeakHashMap<>());
    private long timeline = UNKNOWN;

    /** @param listeners returns the listeners at the time of a promotion */
    PromotionTracker(Supplier<Stream<PromotionListener>> listeners) {
        this.listeners = listeners;
    }

    /**
     * Registers a new connection.
     *
     * @throws SQLException if the server is no primary, or an old one that should have ended
     */
    void opened(Connection connection) throws SQLException {
        register(connection, timelineOf(connection));
    }

    private static long timelineOf(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TIMELINE)) {
            row.next();
            return Long.parseLong(row.getString(1), HEXADECIMAL);
        }
    }

    synchronized void register(Connection connection, long newTimeline) throws SQLException {
        if (newTimeline < timeline) {
            throw new SQLTransientConnectionException(
                    "This PostgreSQL server has timeline %d, but a server with timeline %d was promoted. "
                                    .formatted(newTimeline, timeline)
                            + "Stop the old server. After a restore, restart this service.",
                    "08004");
        }
        if (newTimeline > timeline) {
            if (timeline != UNKNOWN) {
                promoted(newTimeline);
            }
            timeline = newTimeline;
        }
        open.add(connection);
    }

    private void promoted(long newTimeline) {
        listeners.get().forEach(PromotionListener::promoted);
        List<Connection> old = List.copyOf(open);
        open.clear();
        LOG.warn(
                "A PostgreSQL server was promoted (timeline {} after {}). {} connections to the old one are closed.",
                newTimeline,
                timeline,
                old.size());
        old.forEach(PromotionTracker::abort);
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("A connection to the old primary is closed already: {}", e.getMessage());
        }
    }
}
