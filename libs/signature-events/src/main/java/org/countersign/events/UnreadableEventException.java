package org.countersign.events;

/**
 * A record that is not an event of this contract: the message says what is wrong with it, without quoting its content.
 */
public class UnreadableEventException extends RuntimeException {

    public UnreadableEventException(String message) {
        super(message);
    }

    public UnreadableEventException(String message, Throwable cause) {
        super(message, cause);
    }
}
