package org.countersign.signature.domain;

import org.jspecify.annotations.Nullable;

/** The event log cannot be written now. Nothing was recorded, and the caller may retry later. */
public class LogUnavailableException extends RuntimeException {

    public LogUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
