package org.countersign.events;

/**
 * What can happen to one person's signature on one petition. Each event says where the signature stood before and where
 * it stands after, so that a counter needs no memory of single signatures: it takes one off {@link #was()} and adds one
 * to {@link #becomes()}.
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
                UpdatesStopped {

    /** The signature it happened to. */
    SignatureId signature();

    /** The round it belongs to: 1 at first, one more each time the person signs anew. */
    int round();

    /** The country the signer gave in this round. */
    CountryCode country();

    /** Where the signature stood before. */
    SignatureStatus was();

    /** Where the signature stands after. */
    SignatureStatus becomes();
}
