package org.countersign.events;

import java.time.Instant;

/**
 * Somebody asked to sign with an address that has signed already. Nothing changes but that a mail says so.
 *
 * @param status where the signature stands: pending (the confirmation is sent again) or verified
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
