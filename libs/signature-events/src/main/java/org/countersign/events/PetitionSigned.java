package org.countersign.events;

import java.time.Instant;

/**
 * Somebody signed. The signature waits for confirmation. Each sign call while a signature is pending begins another
 * round, and the link in its mail confirms that round.
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
 * @param corrects the round whose form the signer corrected while confirming it, 0 if this is a sign call; the
 *     confirmation follows, and no mail is due
 * @param given the privacy notice that the signer read, and what the signer ticked
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
        Sealed sealed,
        int corrects,
        SignerConsent given)
        implements SignatureEvent {

    /** A sign call without a privacy notice. */
    public PetitionSigned(
            SignatureId signature,
            PetitionSlug petition,
            Instant at,
            int round,
            CountryCode country,
            SignatureStatus was,
            boolean publicly,
            boolean updates,
            Sealed sealed) {
        this(signature, petition, at, round, country, was, publicly, updates, sealed, 0, SignerConsent.NONE);
    }

    @Override
    public SignatureStatus becomes() {
        return was.unlessInvalidated(SignatureStatus.PENDING);
    }
}
