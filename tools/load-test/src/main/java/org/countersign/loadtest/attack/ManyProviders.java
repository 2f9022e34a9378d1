package org.countersign.loadtest.attack;

import java.util.List;

/** One network with real accounts at many mail providers. */
final class ManyProviders implements Scenario.AttackStyle {

    @Override
    public String name() {
        return "many-providers";
    }

    @Override
    public boolean usesMailProviders() {
        return true;
    }

    @Override
    public List<SimulatedPerson> attackers(Scenario scenario) {
        return new Attackers(scenario)
                .domains(number -> MailProviders.large(scenario.random()))
                .networks(number -> Networks.shared(2, scenario.random()))
                .build();
    }
}
