package org.countersign.events;

/**
 * An event of a signature, with the status before and after it. A counter subtracts one from {@link #was()} and adds
 * one to {@link #becomes()}. It needs no memory of single signatures.
 */
public sealed interface SignatureEvent extends Event
        permits PetitionSigned,
                SignatureVerified,
                SignatureWithdrawn,
                SignatureExpired,
                SignatureInvalidated,
                SignatureReinstated,
                SignerErased,
                SigningRepeated,
                UpdatesStopped,
                ContactConsentWithdrawn {

    /** Returns the signature. */
    SignatureId signature();

    /** Returns the round: 1 at first, and one more each time the person signs again. */
    int round();

    /** Returns the country that the signer gave in this round. */
    CountryCode country();

    /** Returns the status before the event. */
    SignatureStatus was();

    /** Returns the status after the event. */
    SignatureStatus becomes();
}
