package org.countersign.events;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A moderator invalidated the signature. It no longer counts.
 *
 * @param signature the signature
 * @param petition its petition
 * @param at when it happened
 * @param round the round of the signature
 * @param country the signer's country
 * @param was the status before
 * @param reason the reason for the history, without personal data
 * @param invalidationCase the case that the invalidation is part of; empty for a single decision
 */
public record SignatureInvalidated(
        SignatureId signature,
        PetitionSlug petition,
        Instant at,
        int round,
        CountryCode country,
        SignatureStatus was,
        String reason,
        Optional<UUID> invalidationCase)
        implements SignatureEvent {

    /** A decision about this signature alone. */
    public SignatureInvalidated(
            SignatureId signature,
            PetitionSlug petition,
            Instant at,
            int round,
            CountryCode country,
            SignatureStatus was,
            String reason) {
        this(signature, petition, at, round, country, was, reason, Optional.empty());
    }

    @Override
    public SignatureStatus becomes() {
        return SignatureStatus.INVALIDATED;
    }
}
