package org.countersign.signature.domain;

import java.util.List;

/** Some fields of an input are invalid. */
public class InvalidFieldsException extends RuntimeException {

    private final transient List<FieldError> errors;

    /**
     * An invalid field.
     *
     * @param field the name of the field
     * @param message continues the field's name in a sentence: "must be …"
     */
    public record FieldError(String field, String message) {}

    InvalidFieldsException(List<FieldError> errors) {
        super("invalid fields", null, false, false);
        this.errors = List.copyOf(errors);
    }

    /** Reports one invalid field. */
    public InvalidFieldsException(String field, String message) {
        this(List.of(new FieldError(field, message)));
    }

    /** Returns the invalid fields in the order of the input. */
    public List<FieldError> errors() {
        return errors;
    }
}
