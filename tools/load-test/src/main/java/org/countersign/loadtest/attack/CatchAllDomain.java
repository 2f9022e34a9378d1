package org.countersign.loadtest.attack;

import java.util.List;

/** A program with one mail domain that accepts every local part, in one network. */
final class CatchAllDomain implements Scenario.AttackStyle {

    @Override
    public String name() {
        return "catch-all-domain";
    }

    @Override
    public boolean usesMailProviders() {
        return false;
    }

    @Override
    public List<SimulatedPerson> attackers(Scenario scenario) {
        return new Attackers(scenario)
                .domains(number -> "catch-all-" + scenario.run() + ".example")
                .networks(number -> Networks.shared(1, scenario.random()))
                .build();
    }
}
