package org.countersign.loadtest.attack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Builds the attackers of a style. They sign evenly over the duration and confirm every mail, unless a style differs.
 */
final class Attackers {

    private static final String[] COUNTRIES = {"VA"};

    private final Scenario scenario;
    private IntFunction<String> domains = number -> "attack.example";
    private IntFunction<String> networks;
    private IntFunction<Duration> times;
    private String[] countries = COUNTRIES;
    private boolean plausibleNames;
    private Duration confirmNotBefore = Duration.ZERO;

    Attackers(Scenario scenario) {
        this.scenario = scenario;
        this.networks = number -> Networks.server(scenario.random());
        this.times = number -> scenario.at((double) number / scenario.count());
    }

    Attackers domains(IntFunction<String> domainOfNumber) {
        domains = domainOfNumber;
        return this;
    }

    Attackers networks(IntFunction<String> networkOfNumber) {
        networks = networkOfNumber;
        return this;
    }

    Attackers times(IntFunction<Duration> timeOfNumber) {
        times = timeOfNumber;
        return this;
    }

    Attackers countries(String... mix) {
        countries = mix;
        return this;
    }

    /** The addresses look like those of people. */
    Attackers plausibleNames() {
        plausibleNames = true;
        return this;
    }

    /** The attackers keep their mails and confirm them later. */
    Attackers confirmNotBefore(Duration sinceStart) {
        confirmNotBefore = sinceStart;
        return this;
    }

    List<SimulatedPerson> build() {
        List<SimulatedPerson> attackers = new ArrayList<>();
        for (int number = 0; number < scenario.count(); number++) {
            String name = PersonalNames.name(scenario.random());
            String localPart = plausibleNames
                    ? PersonalNames.localPart(name, number, scenario.random())
                    : PersonalNames.letters(8, number, scenario.random());
            attackers.add(new SimulatedPerson(
                    true,
                    times.apply(number),
                    name,
                    localPart + "." + scenario.run() + "@" + domains.apply(number),
                    PersonalNames.pick(countries, scenario.random()),
                    networks.apply(number),
                    Optional.of(new SimulatedPerson.Confirmation(Duration.ofSeconds(1), confirmNotBefore))));
        }
        return attackers;
    }
}
