package org.countersign.events;

import java.time.Instant;

/**
 * The key of the signer's personal data was destroyed. The signature keeps its status.
 *
 * @param signature the signature
 * @param petition its petition
 * @param at when it happened
 * @param round the newest round; the data of all rounds up to it is destroyed
 * @param country the signer's country
 * @param status the current status
 */
public record SignerErased(
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
