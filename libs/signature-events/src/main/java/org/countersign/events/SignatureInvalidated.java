package org.countersign.events;

import java.time.Instant;

/**
 * Moderation took the signature off the count.
 *
 * @param reason why, for the history; not to hold personal data
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
