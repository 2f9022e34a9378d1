package org.countersign.loadtest.attack;

import java.util.List;

/** Bought domains whose owners gave them up: five addresses each, from rented servers, with copied countries. */
final class ExpiredDomains implements Scenario.AttackStyle {

    private static final int ADDRESSES_PER_DOMAIN = 5;

    @Override
    public String name() {
        return "expired-domains";
    }

    @Override
    public boolean usesMailProviders() {
        return false;
    }

    @Override
    public List<SimulatedPerson> attackers(Scenario scenario) {
        return new Attackers(scenario)
                .domains(number -> "expired-" + number / ADDRESSES_PER_DOMAIN + "-" + scenario.run() + ".example")
                .countries(HonestCrowds.COUNTRY_MIX)
                .plausibleNames()
                .build();
    }
}
