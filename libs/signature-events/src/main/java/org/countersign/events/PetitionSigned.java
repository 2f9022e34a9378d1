package org.countersign.events;

import java.time.Instant;

/**
 * Somebody signed. The signature waits for its e-mail address to be confirmed.
 *
 * @param publicly whether the signer's name may be shown
 * @param updates whether the signer wants to hear of milestones
 * @param sealed name, e-mail address and comment, encrypted with a key of this signature's own
 */
public record PetitionSigned(
        SignatureId signature,
        PetitionSlug petition,
        Instant at,
        int round,
        CountryCode country,
        SignatureStatus was,
        boolean publicly,
        boolean updates,
        Sealed sealed)
        implements SignatureEvent {

    @Override
    public SignatureStatus becomes() {
        return SignatureStatus.PENDING;
    }
}
