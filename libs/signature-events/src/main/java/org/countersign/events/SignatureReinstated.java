package org.countersign.events;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A moderator reversed an invalidation. The signature has its earlier status again.
 *
 * @param signature the signature
 * @param petition its petition
 * @param at when it happened
 * @param round the round of the signature
 * @param country the signer's country
 * @param becomes the status before the invalidation
 * @param reason the reason for the history, without personal data
 * @param invalidationCase the case that was undone; empty for a single decision
 */
public record SignatureReinstated(
        SignatureId signature,
        PetitionSlug petition,
        Instant at,
        int round,
        CountryCode country,
        SignatureStatus becomes,
        String reason,
        Optional<UUID> invalidationCase)
        implements SignatureEvent {

    /** A decision about this signature alone. */
    public SignatureReinstated(
            SignatureId signature,
            PetitionSlug petition,
            Instant at,
            int round,
            CountryCode country,
            SignatureStatus becomes,
            String reason) {
        this(signature, petition, at, round, country, becomes, reason, Optional.empty());
    }

    @Override
    public SignatureStatus was() {
        return SignatureStatus.INVALIDATED;
    }
}
