package org.countersign.signature.domain;

import java.util.List;

/** Some fields of an input are not what they must be. */
public class InvalidFieldsException extends RuntimeException {

    private final transient List<FieldError> errors;

    /**
     * What is wrong with a field.
     *
     * @param message follows the field's name in a sentence: "must be …"
     */
    public record FieldError(String field, String message) {}

    InvalidFieldsException(List<FieldError> errors) {
        super("invalid fields", null, false, false);
        this.errors = List.copyOf(errors);
    }

    /** One field alone. */
    public InvalidFieldsException(String field, String message) {
        this(List.of(new FieldError(field, message)));
    }

    /** What is wrong, in the order of the fields. */
    public List<FieldError> errors() {
        return errors;
    }
}
