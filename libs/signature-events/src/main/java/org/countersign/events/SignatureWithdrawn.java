package org.countersign.events;

import java.time.Instant;

/** The signer withdrew the signature. An invalidated signature stays invalidated. */
public record SignatureWithdrawn(
        SignatureId signature, PetitionSlug petition, Instant at, int round, CountryCode country, SignatureStatus was)
        implements SignatureEvent {

    @Override
    public SignatureStatus becomes() {
        return was.unlessInvalidated(SignatureStatus.WITHDRAWN);
    }
}
