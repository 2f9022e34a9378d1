package org.countersign.signature.cases;

import java.util.function.Predicate;
import org.countersign.signature.signals.FormSignals;

/**
 * Takes signatures by the signals of their sign call. It takes none whose signals are gone.
 *
 * @param condition what the signals must be
 */
record SignalCriterion(Predicate<FormSignals> condition) implements CaseCriterion {

    @Override
    public boolean matches(CaseCandidate candidate) {
        return candidate.signals().filter(condition).isPresent();
    }

    @Override
    public boolean needsSignals() {
        return true;
    }
}
