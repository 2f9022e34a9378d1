package org.countersign.events;

import java.time.Instant;

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
 */
public record SignatureInvalidated(
        SignatureId signature,
        PetitionSlug petition,
        Instant at,
        int round,
        CountryCode country,
        SignatureStatus was,
        String reason)
        implements SignatureEvent {

    @Override
    public SignatureStatus becomes() {
        return SignatureStatus.INVALIDATED;
    }
}
