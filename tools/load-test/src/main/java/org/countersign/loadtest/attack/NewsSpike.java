package org.countersign.loadtest.attack;

import java.util.List;

/** Readers of a news story: a steep rise, then a decline, from many countries, networks and mail providers. */
final class NewsSpike implements Scenario.HonestCrowd {

    @Override
    public String name() {
        return "news-spike";
    }

    @Override
    public List<SimulatedPerson> signers(Scenario scenario) {
        return HonestCrowds.of(
                scenario,
                // Half of the readers sign in the first quarter of the time.
                () -> scenario.at(Math.pow(scenario.random().nextDouble(), 2)),
                () -> MailProviders.any(scenario.random()),
                () -> Networks.household(scenario.random()),
                HonestCrowds.COUNTRY_MIX);
    }
}
