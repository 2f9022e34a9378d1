package org.countersign.events;

import java.time.Instant;

/**
 * Somebody signed with an address that has signed already. A mail says so, and nothing else changes.
 *
 * @param signature the signature
 * @param petition its petition
 * @param at when it happened
 * @param round the round of the signature
 * @param country the signer's country
 * @param status the current status: pending (the confirmation is sent again) or verified
 */
public record SigningRepeated(
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
