package org.countersign.signature.domain;

import org.jspecify.annotations.Nullable;

/**
 * The event log cannot be written now. The caller may retry later.
 *
 * <p>{@link #isNothingRecorded} tells two cases apart. In the first, the log refused the events, or they never reached
 * it. In the second, the connection was lost during the commit, and the log could not be asked afterwards.
 */
public class LogUnavailableException extends RuntimeException {

    private final boolean nothingRecorded;

    /** Nothing was recorded. */
    public LogUnavailableException(String message, @Nullable Throwable cause) {
        this(message, cause, true);
    }

    private LogUnavailableException(String message, @Nullable Throwable cause, boolean nothingRecorded) {
        super(message, cause);
        this.nothingRecorded = nothingRecorded;
    }

    /** Returns an exception for a commit whose outcome is unknown. Repeating the command is safe. */
    public static LogUnavailableException outcomeUnknown(@Nullable Throwable cause) {
        return new LogUnavailableException("It is unknown whether the log recorded the events", cause, false);
    }

    /** Returns whether nothing was recorded. False if that is unknown. */
    public boolean isNothingRecorded() {
        return nothingRecorded;
    }
}
