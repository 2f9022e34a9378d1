package org.countersign.loadtest.attack;

import java.util.List;

/** The students of one university, with its mail domain and its network. */
final class University implements Scenario.HonestCrowd {

    @Override
    public String name() {
        return "university";
    }

    @Override
    public List<SimulatedPerson> signers(Scenario scenario) {
        return HonestCrowds.of(
                scenario,
                scenario::anyTime,
                () -> "students.old-town.edu",
                () -> Networks.shared(10, scenario.random()),
                "GB");
    }
}
