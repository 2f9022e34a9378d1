package org.countersign.events;

import java.util.Objects;
import java.util.UUID;

/**
 * The id of one person's signature on one petition. It is a keyed hash of the petition and the canonical address. It
 * reveals nothing about the signer, and the same person gets the same id again.
 *
 * @param value the hash as a UUID
 */
public record SignatureId(UUID value) {

    public SignatureId {
        Objects.requireNonNull(value, "value");
    }

    /**
     * Parses the text of an id.
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
