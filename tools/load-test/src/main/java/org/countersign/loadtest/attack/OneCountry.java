package org.countersign.loadtest.attack;

import java.util.List;

/** Signers of one country, which the petition had few of before. */
final class OneCountry implements Scenario.HonestCrowd {

    @Override
    public String name() {
        return "one-country";
    }

    @Override
    public List<SimulatedPerson> signers(Scenario scenario) {
        return HonestCrowds.of(
                scenario,
                scenario::anyTime,
                () -> MailProviders.any(scenario.random()),
                () -> Networks.household(scenario.random()),
                "AM");
    }
}
