package org.countersign.signature.api.problem;

import java.io.IOException;

/** The body of a request is longer than is read here. */
public class BodyTooLargeException extends IOException {

    /** @param limit what is read at most, in bytes */
    public BodyTooLargeException(int limit) {
        super("The body must not be larger than " + limit + " bytes.");
    }
}
