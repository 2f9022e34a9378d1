package org.countersign.events;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody signed with an address whose signature is confirmed. A mail says so, and nothing else changes.
 *
 * @param signature the signature
 * @param petition its petition
 * @param at when it happened
 * @param round the round of the signature
 * @param country the signer's country
 * @param status the current status: verified or invalidated
 * @param sealed the e-mail address, encrypted; only if the signer's personal data was erased before
 */
public record SigningRepeated(
        SignatureId signature,
        PetitionSlug petition,
        Instant at,
        int round,
        CountryCode country,
        SignatureStatus status,
        Optional<Sealed> sealed)
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
