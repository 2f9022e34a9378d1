package org.countersign.events;

import java.time.Instant;
import java.util.UUID;

/**
 * An organiser opened a case that invalidates many signatures of a petition. The signatures are chosen and do not
 * change any more. Each {@link SignatureInvalidated} of the case names it.
 *
 * @param invalidationCase the case
 * @param petition its petition
 * @param at when the signatures of the case were chosen
 * @param signatures the number of its signatures, confirmed or not
 * @param counted the number of its signatures that counted at that time
 * @param reason the reason that everybody can read, without personal data
 * @param actor the user who opened the case
 */
public record InvalidationCaseOpened(
        UUID invalidationCase,
        PetitionSlug petition,
        Instant at,
        long signatures,
        long counted,
        String reason,
        String actor)
        implements PetitionEvent {

    public InvalidationCaseOpened {
        if (counted < 0 || signatures < counted) {
            throw new IllegalArgumentException("the numbers of signatures are not those of a case");
        }
    }
}
