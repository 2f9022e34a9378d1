package org.countersign.signature.signals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratedAddressesTest {

    private static final int SAMPLES = 10_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "szczepanski",
                "brzeczyszczykiewicz",
                "jschmidt",
                "mschwarz",
                "tschroeder",
                "rmcdonald",
                "krzysztof",
                "hrvoje.horvat",
                "mkhitaryan",
                "nguyenthanhhuong",
                "knightsbridge",
                "dzhgrigoryan",
                "j.krstic",
                "hvdberg",
                "tbaker",
                "jansmith",
                "bhattacharjee",
                "mbappe",
                "kjartansson",
                "wojciechowska",
                "ghazarhovsepyan",
                "ter-petrosyan",
                "ana.garcia1984",
                "13912345678",
                "info",
                "x",
                "sona+petition7q3k",
                "o'neill",
                "4you2day",
                "sona.baker12.t8x1k3h0"
            })
    void the_addresses_of_people_do_not_look_generated(String local) {
        assertThat(GeneratedAddresses.looksGenerated(local + "@town.test")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"qzxkwjvbfh", "xkcdqwrtzp.t8x1k3h0", "a7f3k9d2", "9f86d081884c7d65", "qzxkwjvb3f.t8x1k3h0"})
    void random_letters_and_numbers_look_generated(String local) {
        assertThat(GeneratedAddresses.looksGenerated(local + "@town.test")).isTrue();
    }

    /** Not all of them have to: the share of such addresses among many calls is the signal. */
    @ParameterizedTest
    @ValueSource(ints = {8, 10, 14})
    void at_least_every_second_address_of_random_letters_looks_generated(int length) {
        Random random = new Random(length);
        long generated = IntStream.range(0, SAMPLES)
                .mapToObj(n -> IntStream.range(0, length)
                        .mapToObj(i -> String.valueOf((char) ('a' + random.nextInt(26))))
                        .collect(Collectors.joining()))
                .filter(local -> GeneratedAddresses.looksGenerated(local + "@town.test"))
                .count();
        assertThat(generated / (double) SAMPLES).isGreaterThan(0.5);
    }

    @Test
    void an_address_without_an_at_sign_does_not_look_generated() {
        assertThat(GeneratedAddresses.looksGenerated("qzxkwjvbfh")).isFalse();
    }
}
