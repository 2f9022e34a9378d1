package org.countersign.loadtest.attack;

import java.util.List;

/** A botnet: each call comes from another household, and all addresses have one mail domain. */
final class ManyNetworks implements Scenario.AttackStyle {

    @Override
    public String name() {
        return "many-networks";
    }

    @Override
    public boolean usesMailProviders() {
        return false;
    }

    @Override
    public List<SimulatedPerson> attackers(Scenario scenario) {
        return new Attackers(scenario)
                .domains(number -> "botnet-" + scenario.run() + ".example")
                .networks(number -> Networks.household(scenario.random()))
                .countries(HonestCrowds.COUNTRY_MIX)
                .plausibleNames()
                .build();
    }
}
