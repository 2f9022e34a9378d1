package org.countersign.events;

import java.time.Instant;

/**
 * Somebody signed. The signature waits for confirmation.
 *
 * @param signature the signature
 * @param petition its petition
 * @param at when it happened
 * @param round the round of the signature, from 1
 * @param country the signer's country
 * @param was the status before
 * @param publicly whether the signer's name may be shown
 * @param updates whether the signer wants milestone mails
 * @param sealed name, e-mail address and comment, encrypted with a key of this signature
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
