package org.countersign.events;

import java.time.Instant;

/** The signer withdrew the signature. */
public record SignatureWithdrawn(
        SignatureId signature, PetitionSlug petition, Instant at, int round, CountryCode country, SignatureStatus was)
        implements SignatureEvent {

    @Override
    public SignatureStatus becomes() {
        return SignatureStatus.WITHDRAWN;
    }
}
