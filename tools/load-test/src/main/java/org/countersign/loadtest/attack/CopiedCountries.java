package org.countersign.loadtest.attack;

import java.util.List;

/** A program with ten mail domains that copies names, times and countries of the honest signers. */
final class CopiedCountries implements Scenario.AttackStyle {

    private static final int DOMAINS = 10;

    @Override
    public String name() {
        return "copied-countries";
    }

    @Override
    public boolean usesMailProviders() {
        return false;
    }

    @Override
    public List<SimulatedPerson> attackers(Scenario scenario) {
        return new Attackers(scenario)
                .domains(number -> "copied-" + scenario.random().nextInt(DOMAINS) + "-" + scenario.run() + ".example")
                .networks(number -> Networks.household(scenario.random()))
                .times(number -> scenario.anyTime())
                .countries(HonestCrowds.COUNTRY_MIX)
                .plausibleNames()
                .build();
    }
}
