package org.countersign.events;

import java.time.Instant;

/**
 * The signer wants no more mail about milestones. The signature stays where it stands.
 *
 * @param status where the signature stands
 */
public record UpdatesStopped(
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
