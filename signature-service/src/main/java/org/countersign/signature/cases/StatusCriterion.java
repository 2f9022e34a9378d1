package org.countersign.signature.cases;

import java.util.Set;
import org.countersign.events.SignatureStatus;

/** Takes signatures with one of these statuses. */
record StatusCriterion(Set<SignatureStatus> statuses) implements CaseCriterion {

    @Override
    public boolean matches(CaseCandidate candidate) {
        return statuses.contains(candidate.summary().status());
    }
}
