package org.countersign.loadtest.attack;

import java.util.List;

/** A program with a hundred mail domains, so that each of them has few addresses. */
final class ManyDomains implements Scenario.AttackStyle {

    private static final int DOMAINS = 100;

    @Override
    public String name() {
        return "many-domains";
    }

    @Override
    public boolean usesMailProviders() {
        return false;
    }

    @Override
    public List<SimulatedPerson> attackers(Scenario scenario) {
        return new Attackers(scenario)
                .domains(number -> "owned-" + number % DOMAINS + "-" + scenario.run() + ".example")
                .plausibleNames()
                .build();
    }
}
