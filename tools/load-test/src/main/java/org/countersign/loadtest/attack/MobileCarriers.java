package org.countersign.loadtest.attack;

import java.util.List;

/** Signers with phones: three carriers with few addresses each carry all of them. */
final class MobileCarriers implements Scenario.HonestCrowd {

    private static final int CARRIERS = 3;
    private static final int FIRST_NETWORK = 20;

    @Override
    public String name() {
        return "mobile-carriers";
    }

    @Override
    public List<SimulatedPerson> signers(Scenario scenario) {
        return HonestCrowds.of(
                scenario,
                scenario::anyTime,
                () -> MailProviders.any(scenario.random()),
                () -> Networks.shared(FIRST_NETWORK + scenario.random().nextInt(CARRIERS), scenario.random()),
                HonestCrowds.COUNTRY_MIX);
    }
}
