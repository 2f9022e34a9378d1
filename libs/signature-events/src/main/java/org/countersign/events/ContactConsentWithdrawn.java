package org.countersign.events;

import java.time.Instant;

/**
 * The signer withdrew the consent to be contacted for other purposes. The signature keeps its status.
 *
 * @param signature the signature
 * @param petition its petition
 * @param at when it happened
 * @param round the round of the signature
 * @param country the signer's country
 * @param status the current status
 */
public record ContactConsentWithdrawn(
        SignatureId signature,
        PetitionSlug petition,
        Instant at,
        int round,
        CountryCode country,
        SignatureStatus status)
        implements SignatureEvent {

    @Override
    public SignatureStatus was() {
        return status;
    }

    @Override
    public SignatureStatus becomes() {
        return status;
    }
}
