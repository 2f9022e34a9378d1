package org.countersign.signature.cases;

import org.countersign.signature.signals.AttackSigns;

/**
 * Takes signatures that were made during an attack and match its anomalies.
 *
 * @param signs the anomalies of the attack
 */
record AttackCriterion(AttackSigns signs) implements CaseCriterion {

    @Override
    public boolean matches(CaseCandidate candidate) {
        return signs.matches(candidate.signals(), candidate::address);
    }

    @Override
    public boolean needsSignals() {
        return signs.needsSignals();
    }
}
