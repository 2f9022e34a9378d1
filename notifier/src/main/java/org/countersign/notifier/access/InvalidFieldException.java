package org.countersign.notifier.access;

/** A field of the input is invalid. */
public class InvalidFieldException extends RuntimeException {

    private final String field;

    /** @param message follows the field's name in a sentence: "must be …" */
    public InvalidFieldException(String field, String message) {
        super(message, null, false, false);
        this.field = field;
    }

    /** Returns the name of the field. */
    public String field() {
        return field;
    }
}
