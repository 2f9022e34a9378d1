package org.countersign.signature.signals;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.countersign.signature.signals.Anomaly.Kind;
import org.countersign.signature.signals.SimulatedCrowd.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the detector makes of honest crowds and of attacks. */
class AttackDetectorTest {

    private static final int HONEST = 10_000;
    private static final int ATTACKERS = 2_000;
    private static final int SEEDS = 3;
    private static final double MIN_CAUGHT = 0.95;
    private static final double MAX_HELD = 0.005;
    private static final Duration MAX_DELAY = Duration.ofSeconds(60);

    private static final Map<String, UnaryOperator<SimulatedCrowd>> CROWDS = Map.of(
            "a news spike", crowd -> crowd.newsSpike(HONEST),
            "domains of families, and organisations of all sizes",
                    crowd -> crowd.honest(
                            HONEST,
                            i -> crowd.at(crowd.random().nextDouble()),
                            i -> crowd.longTail(),
                            i -> crowd.household(),
                            SimulatedCrowd.COUNTRY_MIX),
            "a university with one domain and one network",
                    crowd -> crowd.honest(
                            HONEST,
                            i -> crowd.at(crowd.random().nextDouble()),
                            i -> "students.old-town.edu",
                            i -> "100.64.10",
                            "GB"),
            "mobile carriers behind three networks",
                    crowd -> crowd.honest(
                            HONEST,
                            i -> crowd.at(crowd.random().nextDouble()),
                            i -> crowd.anyDomain(),
                            i -> "100.64." + crowd.random().nextInt(3),
                            SimulatedCrowd.COUNTRY_MIX),
            "one country",
                    crowd -> crowd.honest(
                            HONEST,
                            i -> crowd.at(crowd.random().nextDouble()),
                            i -> crowd.anyDomain(),
                            i -> crowd.household(),
                            "AM"),
            "one country after months of another",
                    crowd -> crowd.honest(
                                    HONEST / 2,
                                    i -> crowd.at(crowd.random().nextDouble() / 2),
                                    i -> crowd.anyDomain(),
                                    i -> crowd.household(),
                                    "DE")
                            .honest(
                                    HONEST / 2,
                                    i -> crowd.at(0.5 + crowd.random().nextDouble() / 2),
                                    i -> crowd.anyDomain(),
                                    i -> crowd.household(),
                                    "AM"));

    private static final Map<String, UnaryOperator<SimulatedCrowd>> ATTACKS = Map.of(
            "one catch-all domain",
                    crowd -> crowd.attack(
                            ATTACKERS,
                            i -> crowd.at((double) i / ATTACKERS),
                            i -> crowd.letters(8) + i,
                            i -> "catch-all.test",
                            i -> "100.64.99",
                            SigningSignal.UNKNOWN),
            "rotating subdomains",
                    crowd -> crowd.attack(
                            ATTACKERS,
                            i -> crowd.at((double) i / ATTACKERS),
                            i -> crowd.name(i),
                            i -> "mail" + i / 5 + ".rotating.test",
                            i -> crowd.household(),
                            SigningSignal.UNKNOWN),
            "many networks with one domain",
                    crowd -> crowd.attack(
                            ATTACKERS,
                            i -> crowd.at((double) i / ATTACKERS),
                            i -> crowd.name(i),
                            i -> "botnet.test",
                            i -> crowd.household(),
                            SigningSignal.UNKNOWN),
            "one network with many providers",
                    crowd -> crowd.attack(
                            ATTACKERS,
                            i -> crowd.at((double) i / ATTACKERS),
                            i -> crowd.letters(8) + i,
                            i -> crowd.provider(),
                            i -> "100.64.99",
                            SigningSignal.UNKNOWN),
            "a slow trickle of ten domains",
                    crowd -> crowd.attack(
                            ATTACKERS,
                            i -> crowd.at((double) i / ATTACKERS),
                            i -> crowd.name(i),
                            i -> "trickle-" + i % 10 + ".test",
                            i -> crowd.household(),
                            SigningSignal.UNKNOWN),
            "stored-up confirmations",
                    crowd -> crowd.attack(
                            ATTACKERS,
                            i -> crowd.at(0.5 * i / ATTACKERS),
                            i -> crowd.letters(8) + i,
                            i -> "stored.test",
                            i -> "100.64.99",
                            SigningSignal.UNKNOWN),
            "a copied country mix with a hundred domains",
                    crowd -> crowd.attack(
                            ATTACKERS,
                            i -> crowd.at(crowd.random().nextDouble()),
                            i -> crowd.name(i),
                            i -> "copied-" + crowd.random().nextInt(100) + ".test",
                            i -> crowd.household(),
                            SigningSignal.UNKNOWN));

    private static final Map<String, UnaryOperator<SimulatedCrowd>> MANY_DOMAINS = Map.of(
            "a domain for each address from rented servers",
                    crowd -> ofDomains(crowd, ATTACKERS, crowd::server, SimulatedCrowd.COUNTRY_MIX),
            "a domain for each address in one country", crowd -> ofDomains(crowd, ATTACKERS, crowd::household, "VA"),
            "five addresses of each expired domain from rented servers",
                    crowd -> ofDomains(crowd, 400, crowd::server, SimulatedCrowd.COUNTRY_MIX),
            "twenty addresses of each domain from households",
                    crowd -> ofDomains(crowd, 100, crowd::household, SimulatedCrowd.COUNTRY_MIX));

    /** The names and form times are those of people. */
    private static SimulatedCrowd ofDomains(
            SimulatedCrowd crowd, int domains, Supplier<String> network, String... countries) {
        return crowd.attack(
                ATTACKERS,
                i -> crowd.at((double) i / ATTACKERS),
                crowd::name,
                i -> "owned-" + i % domains + ".test",
                i -> network.get(),
                i -> crowd.humanForm(),
                countries);
    }

    private static Stream<Arguments> crowds() {
        return CROWDS.keySet().stream()
                .sorted()
                .flatMap(crowd -> Stream.of(2, 30).map(minutes -> Arguments.of(crowd, minutes)));
    }

    private static Stream<Arguments> attacks() {
        return ATTACKS.keySet().stream()
                .sorted()
                .flatMap(attack -> IntStream.rangeClosed(1, SEEDS).mapToObj(seed -> Arguments.of(attack, seed)));
    }

    @ParameterizedTest
    @MethodSource("crowds")
    void an_honest_crowd_is_neither_held_nor_taken_for_an_attack(String name, int minutes) {
        SimulatedCrowd crowd = new SimulatedCrowd(minutes, Duration.ofMinutes(minutes));
        Outcome outcome = CROWDS.get(name).apply(crowd).run();
        assertThat(outcome.heldHonest()).isLessThanOrEqualTo(MAX_HELD);
        assertThat(outcome.kinds()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void an_attack_is_found_within_a_minute_and_honest_signers_are_not_held(String name, int seed) {
        List<String> crowds = CROWDS.keySet().stream().sorted().toList();
        int attack = ATTACKS.keySet().stream().sorted().toList().indexOf(name);
        // Three of the six crowds for each attack, and each crowd for half of the attacks.
        SimulatedCrowd crowd = new SimulatedCrowd(seed, Duration.ofMinutes(2));
        CROWDS.get(crowds.get((attack + 2 * seed) % crowds.size())).apply(crowd);
        Outcome outcome = ATTACKS.get(name).apply(crowd).run();
        assertThat(outcome.alert())
                .hasValueSatisfying(delay -> assertThat(delay).isLessThanOrEqualTo(MAX_DELAY));
        assertThat(outcome.heldHonest()).isLessThanOrEqualTo(MAX_HELD);
        // Accounts at real mail providers are told by their network only.
        boolean ofProviders = name.equals("one network with many providers");
        assertThat(outcome.heldAttackers()).isGreaterThanOrEqualTo(ofProviders ? 0.5 : MIN_CAUGHT);
    }

    /** The crowds with most domains are the hardest ones. */
    @ParameterizedTest
    @ValueSource(strings = {"a news spike", "domains of families, and organisations of all sizes"})
    void a_program_with_many_domains_is_told_from_people_with_domains_of_their_own(String honest) {
        int seed = 0;
        for (UnaryOperator<SimulatedCrowd> attack : MANY_DOMAINS.values()) {
            SimulatedCrowd crowd = new SimulatedCrowd(++seed, Duration.ofMinutes(2));
            CROWDS.get(honest).apply(crowd);
            Outcome outcome = attack.apply(crowd).run();
            assertThat(outcome.alert())
                    .hasValueSatisfying(delay -> assertThat(delay).isLessThanOrEqualTo(MAX_DELAY));
            assertThat(outcome.heldHonest()).isLessThanOrEqualTo(MAX_HELD);
            assertThat(outcome.heldAttackers()).isGreaterThanOrEqualTo(MIN_CAUGHT);
        }
    }

    @Test
    void two_attacks_at_once_are_both_held() {
        SimulatedCrowd crowd = new SimulatedCrowd(1, Duration.ofMinutes(2)).newsSpike(HONEST);
        ATTACKS.get("a slow trickle of ten domains").apply(crowd);
        ATTACKS.get("one network with many providers").apply(crowd);
        Outcome outcome = crowd.run();
        assertThat(outcome.kinds()).contains(Kind.DOMAIN, Kind.NETWORK);
        assertThat(outcome.heldAttackers()).isGreaterThan(0.5);
        assertThat(outcome.heldHonest()).isLessThanOrEqualTo(MAX_HELD);
    }

    @Test
    void forms_that_are_sent_at_once_and_forms_that_are_all_alike_are_anomalies() {
        for (int form : new int[] {1, 17}) {
            SimulatedCrowd crowd = new SimulatedCrowd(1, Duration.ofMinutes(2)).newsSpike(500);
            crowd.attack(
                    1_000,
                    i -> crowd.at((double) i / 1_000),
                    i -> crowd.name(i),
                    i -> crowd.provider(),
                    i -> crowd.household(),
                    form);
            Outcome outcome = crowd.run();
            assertThat(outcome.kinds()).contains(Kind.FORM_TIME);
            assertThat(outcome.heldHonest()).isZero();
        }
    }

    @Test
    void the_language_of_an_attack_is_shown_if_few_used_it_before() {
        SimulatedCrowd crowd = withStaff(0.001, 0.001);
        crowd.attack(
                5_000,
                i -> crowd.at(0.99 + i / 500_000.0),
                i -> crowd.name(i),
                i -> "late.test",
                i -> crowd.household(),
                SigningSignal.UNKNOWN);
        assertThat(crowd.run().kinds()).contains(Kind.DOMAIN, Kind.LANGUAGE);
    }

    @Test
    void fewer_than_a_hundred_calls_are_no_attack() {
        SimulatedCrowd crowd = new SimulatedCrowd(1, Duration.ofMinutes(2));
        crowd.attack(
                99, i -> crowd.at(i / 200.0), i -> crowd.letters(8) + i, i -> "catch-all.test", i -> "100.64.99", 1);
        assertThat(crowd.run().kinds()).isEmpty();
    }

    @Test
    void a_village_school_with_few_signers_is_no_attack() {
        SimulatedCrowd crowd = new SimulatedCrowd(1, Duration.ofMinutes(10));
        crowd.honest(
                300,
                i -> crowd.at(crowd.random().nextDouble()),
                i -> i % 20 == 0 ? "village-school.test" : crowd.anyDomain(),
                i -> crowd.household(),
                "AM");
        assertThat(crowd.run().kinds()).isEmpty();
    }

    private static SimulatedCrowd withStaff(double first, double last) {
        SimulatedCrowd crowd = new SimulatedCrowd(1, Duration.ofHours(3));
        return crowd.honest(
                30_000,
                i -> crowd.at(i / 30_000.0),
                i -> crowd.random().nextDouble() < (i < 20_000 ? first : last) ? "company.test" : crowd.provider(),
                i -> "10." + i % 200 + "." + i % 256,
                SimulatedCrowd.COUNTRY_MIX);
    }

    @Test
    void a_share_that_was_usual_for_hours_has_to_double() {
        assertThat(withStaff(0.016, 0.024).run().kinds()).isEmpty();
        assertThat(withStaff(0.001, 0.024).run().kinds()).contains(Kind.DOMAIN);
    }
}
