package org.countersign.signature.domain.signature;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.countersign.events.CountryCode;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignerConsent;
import org.countersign.signature.domain.Rejection;

/** The commands of a signature. */
public sealed interface SignatureCommand {

    SignatureId signature();

    Instant at();

    /** The signer's input: the choices in clear, the personal data sealed, and the secret that opens it. */
    record SignerInput(
            PetitionSlug petition,
            CountryCode country,
            boolean publicly,
            boolean updates,
            Sealed sealed,
            byte[] secret,
            SignerConsent given) {

        /** The input of a signer who read no privacy notice. */
        public SignerInput(
                PetitionSlug petition,
                CountryCode country,
                boolean publicly,
                boolean updates,
                Sealed sealed,
                byte[] secret) {
            this(petition, country, publicly, updates, sealed, secret, SignerConsent.NONE);
        }
    }

    /** Signs for the first time. The command needs no aggregate, because there is no earlier event. */
    record SignPetition(SignatureId signature, Instant at, SignerInput input) implements SignatureCommand {

        /** Decides about the command. */
        public PetitionSigned decide() {
            return SignatureDecisions.sign(this);
        }
    }

    /**
     * Signs with an address that has signed before, or by a call that was held. Such a call may be the first one.
     *
     * @param signedAt the time of the first round, if the call begins it: that of the sign call if it was held
     * @param repeated the number of the stored sign call, which ends with the events of this command
     * @param address the address alone, sealed
     * @param addressSecret the secret that opens it
     */
    record SignAgain(
            @TargetAggregateIdentifier SignatureId signature,
            Instant at,
            long repeated,
            SignerInput input,
            Sealed address,
            byte[] addressSecret,
            Instant signedAt)
            implements SignatureCommand {

        /** A call that begins a first round at the time of the command. */
        public SignAgain(
                SignatureId signature,
                Instant at,
                long repeated,
                SignerInput input,
                Sealed address,
                byte[] addressSecret) {
            this(signature, at, repeated, input, address, addressSecret, at);
        }
    }

    /**
     * Confirms a round of a signature.
     *
     * @param correction what the signer corrected in the form
     */
    record VerifySignature(SignatureId signature, Instant at, int round, Optional<SignerInput> correction)
            implements SignatureCommand {

        /**
         * Decides about the command.
         *
         * @param history the events of the signature, the first one first
         * @param policy whether the petition takes confirmations
         * @return no event if this round is confirmed already
         * @throws Rejection if there is no such signature, or this round cannot be confirmed any more
         */
        public List<SignatureEvent> decide(List<SignatureEvent> history, ConfirmationPolicy policy) {
            if (history.isEmpty()) {
                throw new Rejection(Rejection.Reason.NO_SIGNATURE);
            }
            return SignatureDecisions.verify(SignatureState.of(history), this, policy);
        }
    }

    record WithdrawSignature(@TargetAggregateIdentifier SignatureId signature, Instant at, int round)
            implements SignatureCommand {}

    record ExpireSignature(@TargetAggregateIdentifier SignatureId signature, Instant at, int round)
            implements SignatureCommand {}

    record InvalidateSignature(@TargetAggregateIdentifier SignatureId signature, Instant at, String reason)
            implements SignatureCommand {}

    record ReinstateSignature(@TargetAggregateIdentifier SignatureId signature, Instant at, String reason)
            implements SignatureCommand {}

    /**
     * Erases the personal data of a signer.
     *
     * @param callsWait whether sign calls of the address wait. The event of an erasure ends them, even if no other data
     *     is left.
     */
    record EraseSigner(@TargetAggregateIdentifier SignatureId signature, Instant at, boolean callsWait)
            implements SignatureCommand {

        /** Erases a signer of whom no sign call waits. */
        public EraseSigner(SignatureId signature, Instant at) {
            this(signature, at, false);
        }
    }

    record StopUpdates(@TargetAggregateIdentifier SignatureId signature, Instant at) implements SignatureCommand {}

    /** Withdraws the consent to be contacted for other purposes. */
    record WithdrawContactConsent(@TargetAggregateIdentifier SignatureId signature, Instant at)
            implements SignatureCommand {}

    /**
     * Withdraws the consent to the processing: the signature ends, and the personal data is erased.
     *
     * @param link the round of the link to withdraw; empty for a link to the signer's data, which every round shares
     * @param callsWait whether sign calls of the address wait, as in {@link EraseSigner}
     */
    record WithdrawConsent(
            @TargetAggregateIdentifier SignatureId signature, Instant at, Optional<Integer> link, boolean callsWait)
            implements SignatureCommand {}
}
