package org.countersign.signature.domain;

/** The log can't be written now: nothing was recorded, and the caller may try again later. */
public class LogUnavailableException extends RuntimeException {

    public LogUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
