package org.countersign.signature.signals;

import java.time.Instant;
import org.countersign.events.CountryCode;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.signature.personaldata.EmailAddress;
import org.jspecify.annotations.Nullable;

/** Keeps the signals of sign calls. */
@FunctionalInterface
public interface SigningSignals {

    /** Keeps nothing. */
    SigningSignals NONE = call -> {};

    /**
     * An accepted sign call.
     *
     * @param petition the petition
     * @param signature the id of the signature
     * @param address the address that signs
     * @param country the signer's country
     * @param language the language tag; empty if unknown
     * @param client the client's address as text
     * @param form the signed time of the form as the caller sent it; null if there is none
     * @param at the time of the call
     * @param proved whether the sender has done a proof of work
     * @param held whether a rule holds the call
     */
    record AcceptedCall(
            PetitionSlug petition,
            SignatureId signature,
            EmailAddress address,
            CountryCode country,
            String language,
            String client,
            @Nullable String form,
            Instant at,
            boolean proved,
            boolean held) {

        /** Hides the personal data. */
        @Override
        public String toString() {
            return "AcceptedCall[" + signature + "]";
        }
    }

    /** Keeps the signals of a call for a few days. It returns at once, and the signals may be lost. */
    void record(AcceptedCall call);
}
