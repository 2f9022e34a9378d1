package org.countersign.signature.signers;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.domain.signature.SignatureSummary;
import org.jspecify.annotations.Nullable;

/** The states that an organiser can search for: each status, and the erasure that leaves the status as it is. */
public enum SignatureFilter {
    /** Signed and not confirmed. */
    PENDING,
    /** Confirmed: it counts. */
    VERIFIED,
    /** Withdrawn by the signer. */
    WITHDRAWN,
    /** Not confirmed in time. */
    EXPIRED,
    /** Invalidated by a moderator. */
    INVALIDATED,
    /** No personal data is left, whatever the status. */
    ERASED;

    /** Returns the name in JSON: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Parses the name of a state.
     *
     * @throws IllegalArgumentException if no state has the name
     */
    static SignatureFilter of(@Nullable String text) {
        return Arrays.stream(values())
                .filter(state -> state.text().equals(text))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + Arrays.stream(values()).map(SignatureFilter::text).collect(Collectors.joining(", "))));
    }

    boolean matches(SignatureSummary signature) {
        return this == ERASED ? signature.erased() : signature.status() == SignatureStatus.of(text());
    }
}
