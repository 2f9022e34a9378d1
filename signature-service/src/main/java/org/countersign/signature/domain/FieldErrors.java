package org.countersign.signature.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects all invalid fields of an input, so that one response reports them together. */
public final class FieldErrors {

    private final List<InvalidFieldsException.FieldError> errors = new ArrayList<>();

    /**
     * Parses a field and records its error.
     *
     * @param field the name of the field
     * @param parse throws {@link IllegalArgumentException} with a message that continues the field's name
     * @return the parsed value, or null if it is invalid
     */
    // The value is null only after an error, and throwIfAny() then throws before the caller uses it.
    @SuppressWarnings("NullAway")
    public <T> T parse(String field, Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            reject(field, e.getMessage());
            return null;
        }
    }

    /** Records an error. */
    public void reject(String field, String message) {
        errors.add(new InvalidFieldsException.FieldError(field, message));
    }

    /**
     * Ends the validation.
     *
     * @throws InvalidFieldsException if any field is invalid
     */
    public void throwIfAny() {
        if (!errors.isEmpty()) {
            throw new InvalidFieldsException(errors);
        }
    }
}
