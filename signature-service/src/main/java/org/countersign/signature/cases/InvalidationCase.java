package org.countersign.signature.cases;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.PetitionSlug;

/**
 * A case and its progress.
 *
 * @param id the case
 * @param petition its petition
 * @param state its state
 * @param criteria which signatures it takes
 * @param reason the reason in the history of each signature
 * @param publicReason the reason that everybody reads
 * @param actor the user who opened it
 * @param createdAt when it was requested
 * @param openedAt when its signatures were chosen, and its event recorded
 * @param endedAt when its last work ended
 * @param numbers its progress
 */
public record InvalidationCase(
        UUID id,
        PetitionSlug petition,
        CaseState state,
        CaseCriteria criteria,
        String reason,
        String publicReason,
        String actor,
        Instant createdAt,
        Optional<Instant> openedAt,
        Optional<Instant> endedAt,
        CaseNumbers numbers) {

    /**
     * The progress of a case.
     *
     * @param matched the number of its signatures
     * @param verified the number of its signatures that counted when they were chosen
     * @param done the number of its signatures that were processed; while it is being undone, that were reversed or
     *     kept
     * @param invalidated the number of its signatures that it has invalidated
     * @param removed the number of those that counted: by as many the count has fallen
     * @param reinstated the number of its signatures that were reinstated
     * @param restored the number of those that count again
     */
    public record CaseNumbers(
            long matched, long verified, long done, long invalidated, long removed, long reinstated, long restored) {}
}
