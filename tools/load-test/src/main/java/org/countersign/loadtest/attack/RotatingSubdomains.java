package org.countersign.loadtest.attack;

import java.util.List;

/** A program with one registered domain that uses a new subdomain for each few addresses. */
final class RotatingSubdomains implements Scenario.AttackStyle {

    private static final int ADDRESSES_PER_SUBDOMAIN = 5;

    @Override
    public String name() {
        return "rotating-subdomains";
    }

    @Override
    public boolean usesMailProviders() {
        return false;
    }

    @Override
    public List<SimulatedPerson> attackers(Scenario scenario) {
        return new Attackers(scenario)
                .domains(number ->
                        "mail" + number / ADDRESSES_PER_SUBDOMAIN + ".rotating-" + scenario.run() + ".example")
                .plausibleNames()
                .build();
    }
}
