package org.countersign.signature.screening;

import java.util.Optional;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.personaldata.EmailAddress;

/** Decides whether a sign call is held. */
@FunctionalInterface
public interface SigningScreening {

    /** Holds no call. */
    SigningScreening NONE = (petition, address, client, proved) -> Optional.empty();

    /**
     * Screens a sign call, and counts it for the limits.
     *
     * @param petition the petition
     * @param address the address that signs
     * @param client the client's address as text
     * @param proved whether the sender has done a proof of work
     * @return the rule that holds the call, for example {@code limit-domain} or {@code hold-domain:*.evil.example}
     */
    Optional<String> heldBy(PetitionSlug petition, EmailAddress address, String client, boolean proved);
}
