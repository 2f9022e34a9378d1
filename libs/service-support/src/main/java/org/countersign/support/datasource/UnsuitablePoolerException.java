package org.countersign.support.datasource;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import org.countersign.support.start.StartRefusedException;
import org.jspecify.annotations.Nullable;

/** A connection leads through a pooler that the services cannot use. Another attempt has the same result. */
final class UnsuitablePoolerException extends SQLNonTransientConnectionException {

    static final String FIX = "Connect to PostgreSQL directly with SPRING_DATASOURCE_URL. "
            + "With PgBouncer, pool_mode = session is possible, see docs/operations.md.";

    private static final long serialVersionUID = 1L;
    /** "feature_not_supported". The class 08 would be retried. */
    private static final String STATE = "0A000";

    private UnsuitablePoolerException(String reason, @Nullable SQLException cause) {
        super(reason, STATE, cause);
    }

    /** The pooler shares server connections among clients. */
    static UnsuitablePoolerException sharesSessions(@Nullable SQLException cause) {
        return new UnsuitablePoolerException(
                "PostgreSQL is reached through a connection pooler in transaction or statement pooling mode. "
                        + "The session advisory locks of the services do not work through it.",
                cause);
    }

    /** The pooler refuses a setting that the driver sends when it connects. */
    static UnsuitablePoolerException refusesSettings(SQLException cause) {
        return new UnsuitablePoolerException(
                "PostgreSQL is reached through a connection pooler that refuses a setting of the service: "
                        + cause.getMessage() + ".",
                cause);
    }

    /** Returns the reason and the fix, for a start that this connection prevents. */
    StartRefusedException refusal() {
        StartRefusedException refusal = new StartRefusedException(getMessage(), FIX);
        refusal.initCause(this);
        return refusal;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
