package org.countersign.signature.api.problem;

import java.io.IOException;

/** The body of a request is larger than the limit. */
public class BodyTooLargeException extends IOException {

    /** @param limit the maximum size of a body, in bytes */
    public BodyTooLargeException(int limit) {
        super(message(limit));
    }

    /**
     * Returns the detail of the problem.
     *
     * @param limit the maximum size of a body, in bytes
     */
    public static String message(int limit) {
        return "The body is too large. Send at most " + limit + " bytes.";
    }
}
