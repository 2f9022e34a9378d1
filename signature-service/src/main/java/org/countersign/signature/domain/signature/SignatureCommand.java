package org.countersign.signature.domain.signature;

import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.countersign.events.CountryCode;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureId;

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
            byte[] secret) {}

    /** Signs for the first time. */
    record SignPetition(@TargetAggregateIdentifier SignatureId signature, Instant at, SignerInput input)
            implements SignatureCommand {}

    /** Signs with an address that has signed before. */
    record SignAgain(@TargetAggregateIdentifier SignatureId signature, Instant at, SignerInput input)
            implements SignatureCommand {}

    /** Confirms the address of a signature. */
    record VerifySignature(@TargetAggregateIdentifier SignatureId signature, Instant at, int round)
            implements SignatureCommand {}

    record WithdrawSignature(@TargetAggregateIdentifier SignatureId signature, Instant at, int round)
            implements SignatureCommand {}

    record ExpireSignature(@TargetAggregateIdentifier SignatureId signature, Instant at, int round)
            implements SignatureCommand {}

    record InvalidateSignature(@TargetAggregateIdentifier SignatureId signature, Instant at, String reason)
            implements SignatureCommand {}

    record ReinstateSignature(@TargetAggregateIdentifier SignatureId signature, Instant at, String reason)
            implements SignatureCommand {}

    record EraseSigner(@TargetAggregateIdentifier SignatureId signature, Instant at) implements SignatureCommand {}

    record StopUpdates(@TargetAggregateIdentifier SignatureId signature, Instant at) implements SignatureCommand {}
}
