package org.countersign.events;

import java.util.Locale;

/** Where a signature stands after its latest event. Only {@link #VERIFIED} signatures count towards a petition's goal. */
public enum SignatureStatus {
    /** Not signed yet: where every signature comes from. */
    NONE,
    /** Signed, the e-mail address not confirmed yet. */
    PENDING,
    /** Confirmed: it counts. */
    VERIFIED,
    /** Taken back by the signer. */
    WITHDRAWN,
    /** Not confirmed in time. */
    EXPIRED,
    /** Taken off the count by moderation. */
    INVALIDATED;

    /** The name in JSON: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a status as {@link #text()} writes it.
     *
     * @throws IllegalArgumentException if there is no such status
     */
    public static SignatureStatus of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
