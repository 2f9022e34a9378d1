package org.countersign.events;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where a signature stands after its latest event. Only {@link #VERIFIED} signatures count towards a petition's goal.
 */
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

    private static final Map<String, SignatureStatus> BY_TEXT =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(SignatureStatus::text, Function.identity()));

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The name in JSON: lower case. */
    public String text() {
        return text;
    }

    /**
     * Reads a status as {@link #text()} writes it.
     *
     * @throws IllegalArgumentException if there is no such status
     */
    public static SignatureStatus of(String text) {
        SignatureStatus status = text == null ? null : BY_TEXT.get(text);
        if (status == null) {
            throw new IllegalArgumentException("no signature has this status");
        }
        return status;
    }
}
