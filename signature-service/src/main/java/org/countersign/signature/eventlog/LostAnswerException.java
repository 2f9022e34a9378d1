package org.countersign.signature.eventlog;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The answer to a statement was lost after it was sent. It is unknown whether the statement was committed. */
final class LostAnswerException extends SQLException {

    private static final long serialVersionUID = 1L;

    LostAnswerException(Throwable cause) {
        super(cause);
    }

    /**
     * Returns whether the server refused the statement, so that nothing was committed. The server ends a connection
     * with FATAL or PANIC, perhaps after a commit.
     */
    static boolean isRefused(SQLException e) {
        ServerErrorMessage message = e instanceof PSQLException failure ? failure.getServerErrorMessage() : null;
        return message != null && "ERROR".equals(message.getSeverity());
    }
}
