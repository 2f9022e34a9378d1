package org.countersign.notifier.access;

/** A field of an input is not what it must be. */
public class InvalidFieldException extends RuntimeException {

    private final String field;

    /** @param message follows the field's name in a sentence: "must be …" */
    public InvalidFieldException(String field, String message) {
        super(message, null, false, false);
        this.field = field;
    }

    /** The field. */
    public String field() {
        return field;
    }
}
