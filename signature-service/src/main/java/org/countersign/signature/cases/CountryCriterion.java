package org.countersign.signature.cases;

import java.util.Set;

/** Takes signers who gave one of these countries. */
record CountryCriterion(Set<String> countries) implements CaseCriterion {

    @Override
    public boolean matches(CaseCandidate candidate) {
        return countries.contains(candidate.summary().form().country().value());
    }
}
