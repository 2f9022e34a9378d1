package org.countersign.support.access;

import java.time.Duration;

/** A {@link CallerSource} refuses the credentials of a request. No other way to authenticate is tried. */
public final class RefusedCredentialsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /** @param reason a sentence for the caller */
    public RefusedCredentialsException(String reason) {
        this(reason, Duration.ZERO);
    }

    private RefusedCredentialsException(String reason, Duration retryAfter) {
        super(reason, null, false, false);
        this.retryAfter = retryAfter;
    }

    /**
     * Returns the exception for a caller who has failed too often.
     *
     * @param retryAfter the time until the next attempt
     */
    public static RefusedCredentialsException limited(Duration retryAfter) {
        return new RefusedCredentialsException("Too many attempts with wrong credentials.", retryAfter);
    }

    /** Returns the time until the next attempt; zero if the credentials are wrong. */
    Duration retryAfter() {
        return retryAfter;
    }
}
