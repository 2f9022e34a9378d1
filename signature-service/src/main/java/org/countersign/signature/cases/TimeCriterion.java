package org.countersign.signature.cases;

import java.time.Instant;
import java.util.Optional;

/**
 * Takes signatures by the time of their form: the confirmed one, or the newest.
 *
 * @param from the earliest time
 * @param to the time from which on signatures are not taken
 */
record TimeCriterion(Optional<Instant> from, Optional<Instant> to) implements CaseCriterion {

    @Override
    public boolean matches(CaseCandidate candidate) {
        Instant at = candidate.summary().form().at();
        return from.filter(at::isBefore).isEmpty()
                && to.filter(end -> !at.isBefore(end)).isEmpty();
    }
}
