package org.countersign.signature.domain.signature;

import java.time.Instant;
import java.util.Optional;

/**
 * A part of the held sign calls of a petition.
 *
 * @param rule the rule that holds them; empty for all rules
 * @param from the earliest time
 * @param to the time before which they were made
 */
public record HeldWindow(Optional<String> rule, Optional<Instant> from, Optional<Instant> to) {

    /** All held calls. */
    public static final HeldWindow ALL = new HeldWindow(Optional.empty(), Optional.empty(), Optional.empty());
}
