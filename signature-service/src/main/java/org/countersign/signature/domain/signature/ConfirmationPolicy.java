package org.countersign.signature.domain.signature;

import java.time.Instant;
import org.countersign.events.PetitionSlug;

/** Decides until when signatures of a petition can be confirmed. */
@FunctionalInterface
public interface ConfirmationPolicy {

    /**
     * Tells whether signatures can be confirmed.
     *
     * @param petition the petition
     * @param at the time of the confirmation
     * @return false if the petition does not exist, or was closed too long before
     */
    boolean acceptsConfirmations(PetitionSlug petition, Instant at);
}
