package org.countersign.events;

import java.time.Instant;

/**
 * Moderation took an invalidation back: the signature stands again where it stood.
 *
 * @param becomes where it stood before it was invalidated
 * @param reason why, for the history; not to hold personal data
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
