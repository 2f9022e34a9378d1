package org.countersign.signature.screening;

import java.net.InetAddress;
import java.util.Optional;
import org.countersign.events.PetitionSlug;

/** Tells which sign calls of a petition under attack look like the attack. */
public interface AttackScreening {

    /**
     * Compares a sign call with the anomalies of its petition.
     *
     * @param petition the petition
     * @param domain the registered mail domain
     * @param client the client's address; empty if it is unknown
     * @return the rule that holds the call: {@code anomaly-domain} or {@code anomaly-network}
     */
    Optional<String> heldBy(PetitionSlug petition, String domain, Optional<InetAddress> client);

    /** Returns whether a petition is under attack, so that its sign calls need a proof of work. */
    boolean isUnderAttack(PetitionSlug petition);
}
