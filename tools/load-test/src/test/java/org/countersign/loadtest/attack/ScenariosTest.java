package org.countersign.loadtest.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.countersign.localstack.client.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScenariosTest {

    private static final Duration DURATION = Duration.ofMinutes(2);
    private static final int COUNT = 500;

    static Stream<Function<Scenario, List<SimulatedPerson>>> all() {
        return Stream.concat(
                Scenarios.STYLES.stream().map(style -> style::attackers),
                Scenarios.CROWDS.stream().map(crowd -> crowd::signers));
    }

    @ParameterizedTest
    @MethodSource("all")
    void each_person_has_an_address_of_its_own_and_signs_within_the_duration(
            Function<Scenario, List<SimulatedPerson>> scenario) {
        List<SimulatedPerson> people = scenario.apply(scenario(1));
        assertThat(people).hasSize(COUNT);
        assertThat(people).extracting(SimulatedPerson::email).doesNotHaveDuplicates();
        assertThat(people).allSatisfy(person -> assertThat(person.signsAt()).isBetween(Duration.ZERO, DURATION));
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_seed_makes_the_same_people_again(Function<Scenario, List<SimulatedPerson>> scenario) {
        assertThat(scenario.apply(scenario(1))).isEqualTo(scenario.apply(scenario(1)));
        assertThat(scenario.apply(scenario(2))).isNotEqualTo(scenario.apply(scenario(1)));
    }

    @Test
    void an_unknown_style_is_answered_with_the_known_ones() {
        assertThatThrownBy(() -> Scenarios.style("polite"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("'polite'")
                .hasMessageContaining("catch-all-domain, rotating-subdomains");
    }

    private static Scenario scenario(long seed) {
        return new Scenario(COUNT, DURATION, "run", new Random(seed));
    }
}
