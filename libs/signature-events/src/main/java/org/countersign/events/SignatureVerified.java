package org.countersign.events;

import java.time.Instant;

/**
 * The signer confirmed the e-mail address: the signature counts.
 *
 * @param updates whether the signer wants to hear of milestones, as said when signing
 */
public record SignatureVerified(
        SignatureId signature, PetitionSlug petition, Instant at, int round, CountryCode country, boolean updates)
        implements SignatureEvent {

    @Override
    public SignatureStatus was() {
        return SignatureStatus.PENDING;
    }

    @Override
    public SignatureStatus becomes() {
        return SignatureStatus.VERIFIED;
    }
}
