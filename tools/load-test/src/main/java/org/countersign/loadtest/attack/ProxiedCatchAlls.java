package org.countersign.loadtest.attack;

import java.util.List;

/** Catch-all domains with ten addresses each in turn. Each call comes from a household, with a copied country. */
final class ProxiedCatchAlls implements Scenario.AttackStyle {

    private static final int ADDRESSES_PER_DOMAIN = 10;

    @Override
    public String name() {
        return "proxied-catch-alls";
    }

    @Override
    public boolean usesMailProviders() {
        return false;
    }

    @Override
    public List<SimulatedPerson> attackers(Scenario scenario) {
        int domains = Math.max(1, scenario.count() / ADDRESSES_PER_DOMAIN);
        return new Attackers(scenario)
                .domains(number -> "proxied-" + number % domains + "-" + scenario.run() + ".example")
                .networks(number -> Networks.household(scenario.random()))
                .countries(HonestCrowds.COUNTRY_MIX)
                .plausibleNames()
                .build();
    }
}
