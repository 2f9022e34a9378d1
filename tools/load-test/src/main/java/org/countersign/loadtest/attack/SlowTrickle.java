package org.countersign.loadtest.attack;

import java.util.List;

/** Ten mail domains take turns over the whole duration, so that none of them has a high rate. */
final class SlowTrickle implements Scenario.AttackStyle {

    private static final int DOMAINS = 10;

    @Override
    public String name() {
        return "slow-trickle";
    }

    @Override
    public boolean usesMailProviders() {
        return false;
    }

    @Override
    public List<SimulatedPerson> attackers(Scenario scenario) {
        return new Attackers(scenario)
                .domains(number -> "trickle-" + number % DOMAINS + "-" + scenario.run() + ".example")
                .networks(number -> Networks.household(scenario.random()))
                .plausibleNames()
                .build();
    }
}
