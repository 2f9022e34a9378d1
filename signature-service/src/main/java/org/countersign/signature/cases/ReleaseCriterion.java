package org.countersign.signature.cases;

/** Takes signatures whose sign call a rule had held until the organiser released it. */
enum ReleaseCriterion implements CaseCriterion {
    /** The candidate knows the released calls of the rule. */
    RELEASED;

    @Override
    public boolean matches(CaseCandidate candidate) {
        return candidate.releases().stream()
                .anyMatch(call -> call.made(candidate.summary().form().at(), candidate.isFirstRound()));
    }
}
