package org.countersign.signature.signers;

import java.time.Instant;
import java.util.Optional;
import org.countersign.events.SignatureId;
import org.countersign.signature.domain.signature.SignatureSummary;
import org.countersign.signature.personaldata.EmailAddress;

/**
 * A valid search. All given criteria must hold.
 *
 * @param address the signer's address, in memory only
 * @param id the signature
 * @param from the earliest time of the first sign call
 * @param to the end of these times, exclusive
 * @param state the state
 * @param limit the maximum number of signatures in the answer
 * @param after the index of the event log before the first one that is searched
 */
record SignerQuery(
        Optional<EmailAddress> address,
        Optional<SignatureId> id,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<SignatureFilter> state,
        int limit,
        long after) {

    boolean isSignedInTime(Instant signedAt) {
        return from.filter(signedAt::isBefore).isEmpty()
                && to.filter(end -> !signedAt.isBefore(end)).isEmpty();
    }

    boolean matches(SignatureSummary signature) {
        return isSignedInTime(signature.signedAt())
                && state.filter(wanted -> !wanted.matches(signature)).isEmpty();
    }

    /** Hides the address. */
    @Override
    public String toString() {
        return "SignerQuery[…]";
    }
}
