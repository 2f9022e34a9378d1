package org.countersign.events;

import java.time.Instant;

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
 */
public record SignatureReinstated(
        SignatureId signature,
        PetitionSlug petition,
        Instant at,
        int round,
        CountryCode country,
        SignatureStatus becomes,
        String reason)
        implements SignatureEvent {

    @Override
    public SignatureStatus was() {
        return SignatureStatus.INVALIDATED;
    }
}
