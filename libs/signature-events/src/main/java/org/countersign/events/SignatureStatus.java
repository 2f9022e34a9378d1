package org.countersign.events;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The status of a signature after its latest event. Only {@link #VERIFIED} signatures count. */
public enum SignatureStatus {
    /** Not signed yet: the initial status. */
    NONE,
    /** Signed and not confirmed yet. */
    PENDING,
    /** Confirmed. It counts. */
    VERIFIED,
    /** Withdrawn by the signer. */
    WITHDRAWN,
    /** Not confirmed in time. */
    EXPIRED,
    /** Invalidated by a moderator. */
    INVALIDATED;

    private static final Map<String, SignatureStatus> BY_TEXT =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(SignatureStatus::text, Function.identity()));

    private final String text = name().toLowerCase(Locale.ROOT);

    /** Returns the name in JSON: lower case. */
    public String text() {
        return text;
    }

    /**
     * Returns what a change makes of this status: an invalidated signature stays invalidated until it is reinstated.
     */
    public SignatureStatus unlessInvalidated(SignatureStatus next) {
        return this == INVALIDATED ? INVALIDATED : next;
    }

    /**
     * Parses the name of a status.
     *
     * @throws IllegalArgumentException if no status has the name
     */
    public static SignatureStatus of(String text) {
        SignatureStatus status = text == null ? null : BY_TEXT.get(text);
        if (status == null) {
            throw new IllegalArgumentException("No signature has this status");
        }
        return status;
    }
}
