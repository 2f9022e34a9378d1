package org.countersign.events;

import java.time.Instant;

/** The signature was not confirmed in time. */
public record SignatureExpired(SignatureId signature, PetitionSlug petition, Instant at, int round, CountryCode country)
        implements SignatureEvent {

    @Override
    public SignatureStatus was() {
        return SignatureStatus.PENDING;
    }

    @Override
    public SignatureStatus becomes() {
        return SignatureStatus.EXPIRED;
    }
}
