package org.countersign.signature.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects what is wrong with the fields of an input, so that all of it can be told at once. */
public final class FieldErrors {

    private final List<InvalidFieldsException.FieldError> errors = new ArrayList<>();

    /**
     * The parsed field, or null with the error noted.
     *
     * @param parse throws {@link IllegalArgumentException} with a message that can follow the field's name
     */
    public <T> T parse(String field, Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            reject(field, e.getMessage());
            return null;
        }
    }

    /** Notes an error. */
    public void reject(String field, String message) {
        errors.add(new InvalidFieldsException.FieldError(field, message));
    }

    /** @throws InvalidFieldsException if anything was wrong */
    public void throwIfAny() {
        if (!errors.isEmpty()) {
            throw new InvalidFieldsException(errors);
        }
    }
}
