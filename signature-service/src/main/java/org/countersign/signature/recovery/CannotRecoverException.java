package org.countersign.signature.recovery;

/** A recovery is impossible. The message gives the reason and the next step. */
public final class CannotRecoverException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotRecoverException(String message) {
        super(message);
    }
}
