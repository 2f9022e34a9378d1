package org.countersign.events;

import java.util.Objects;
import java.util.UUID;

/**
 * One person's signature on one petition. The value is a keyed hash of the petition and the canonical e-mail address,
 * so it tells nothing about the signer, and the same person signing again gets the same id.
 *
 * @param value the hash, in the form of a UUID
 */
public record SignatureId(UUID value) {

    public SignatureId {
        Objects.requireNonNull(value, "value");
    }

    /**
     * Reads an id as {@link #toString()} writes it.
     *
     * @throws IllegalArgumentException if the text is not a UUID
     */
    public static SignatureId parse(String text) {
        UUID value = UUID.fromString(text);
        if (!value.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException(
                    "A signature id is a UUID of 36 characters, not: " + text.length() + " characters");
        }
        return new SignatureId(value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
