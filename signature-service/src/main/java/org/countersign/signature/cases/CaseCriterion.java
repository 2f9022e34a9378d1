package org.countersign.signature.cases;

/** Chooses signatures for a case. A case takes a signature if all its criteria do. */
@FunctionalInterface
interface CaseCriterion {

    /** Tells whether the criterion takes a signature. */
    boolean matches(CaseCandidate candidate);

    /** Tells whether the criterion takes no signature whose signals are gone. */
    default boolean needsSignals() {
        return false;
    }
}
