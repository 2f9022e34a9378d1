package org.countersign.loadtest.attack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Builds honest signers. They sign at random times, and four of five confirm within a minute. */
final class HonestCrowds {

    static final String[] COUNTRY_MIX = {"DE", "DE", "DE", "FR", "FR", "GB", "GB", "AM", "BR", "IN", "KE", "NL", "US"};

    private static final double CONFIRM = 0.8;
    private static final int LONGEST_PAUSE_SECONDS = 30;

    private HonestCrowds() {}

    /**
     * Returns the signers of a crowd.
     *
     * @param times called once for each signer, as the other suppliers are
     */
    static List<SimulatedPerson> of(
            Scenario scenario,
            Supplier<Duration> times,
            Supplier<String> domains,
            Supplier<String> networks,
            String... countries) {
        List<SimulatedPerson> signers = new ArrayList<>();
        for (int number = 0; number < scenario.count(); number++) {
            String name = PersonalNames.name(scenario.random());
            String localPart = PersonalNames.localPart(name, number, scenario.random());
            Optional<SimulatedPerson.Confirmation> confirmation =
                    scenario.random().nextDouble() < CONFIRM
                            ? SimulatedPerson.Confirmation.after(
                                    Duration.ofSeconds(1 + scenario.random().nextInt(LONGEST_PAUSE_SECONDS)))
                            : Optional.empty();
            signers.add(new SimulatedPerson(
                    false,
                    times.get(),
                    name,
                    localPart + "." + scenario.run() + "@" + domains.get(),
                    PersonalNames.pick(countries, scenario.random()),
                    networks.get(),
                    confirmation));
        }
        return signers;
    }
}
