package org.countersign.loadtest.attack;

import java.util.List;

/** The attackers sign in the first half, keep the mails, and confirm all of them at once near the end. */
final class StoredConfirmations implements Scenario.AttackStyle {

    private static final double SIGNED_UNTIL = 0.5;
    private static final double CONFIRMED_FROM = 0.9;

    @Override
    public String name() {
        return "stored-confirmations";
    }

    @Override
    public boolean usesMailProviders() {
        return false;
    }

    @Override
    public List<SimulatedPerson> attackers(Scenario scenario) {
        return new Attackers(scenario)
                .domains(number -> "stored-" + scenario.run() + ".example")
                .times(number -> scenario.at(SIGNED_UNTIL * number / scenario.count()))
                .confirmNotBefore(scenario.at(CONFIRMED_FROM))
                .build();
    }
}
