package org.countersign.signature.eventlog;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * Recognises a commit that no standby may have. If a commit's wait for a synchronous standby is cancelled, PostgreSQL
 * reports success with a warning.
 */
final class ReplicationWait {

    /** The function in PostgreSQL that warns. The text of a warning depends on the server's language. */
    private static final String ROUTINE = "SyncRepWaitForLSN";

    private ReplicationWait() {}

    /**
     * Passes if the commit of a statement was not cancelled while it waited.
     *
     * @throws SQLException if it was. The events are on the primary, but may be lost with it.
     */
    static void requireCompleted(Statement statement) throws SQLException {
        for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
            ServerErrorMessage message =
                    warning instanceof PSQLWarning fromServer ? fromServer.getServerErrorMessage() : null;
            if (message != null && ROUTINE.equals(message.getRoutine())) {
                throw new SQLException("The wait for a standby was cancelled: " + warning.getMessage());
            }
        }
    }
}
