package org.countersign.events;

import java.time.Instant;

/**
 * The signer confirmed the e-mail address. The signature counts.
 *
 * @param signature the signature
 * @param petition its petition
 * @param at when it happened
 * @param round the round of the signature
 * @param country the signer's country
 * @param updates whether the signer wants milestone mails
 * @param signed the SHA-256 of the data of the {@link PetitionSigned} event of this round, in Base64
 */
public record SignatureVerified(
        SignatureId signature,
        PetitionSlug petition,
        Instant at,
        int round,
        CountryCode country,
        boolean updates,
        String signed)
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
