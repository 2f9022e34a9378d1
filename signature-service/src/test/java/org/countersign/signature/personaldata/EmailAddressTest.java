package org.countersign.signature.personaldata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {

    @ParameterizedTest
    @CsvSource({
        "ani@example.org, ani@example.org",
        "' Ani@Example.ORG ', ani@example.org",
        "ani+petitions@example.org, ani@example.org",
        "ani+a+b@example.org, ani@example.org",
        "ani.p@example.org, ani.p@example.org",
        "a.n.i@gmail.com, ani@gmail.com",
        "Ani+x@googlemail.com, ani@gmail.com",
        "a-n_i.x@protonmail.com, anix@proton.me",
        "ani@pm.me, ani@proton.me",
        "ani.p@me.com, ani.p@icloud.com",
        "ani.p@ya.ru, anip@yandex.com",
        "ani@outlook.com, ani@outlook.com",
        "ani@hotmail.com, ani@hotmail.com",
        "ani@bücher.example, ani@xn--bcher-kva.example",
        "ani@BÜCHER.example, ani@xn--bcher-kva.example",
        "+tag@example.org, +tag@example.org",
    })
    void all_spellings_of_a_mailbox_have_one_canonical_form(String typed, String canonical) {
        assertThat(EmailAddress.parse(typed).canonical()).isEqualTo(canonical);
    }

    @Test
    void keeps_the_typed_form_for_sending() {
        assertThat(EmailAddress.parse(" Ani.P+x@Gmail.com ").typed()).isEqualTo("Ani.P+x@Gmail.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "ani",
                "@example.org",
                "ani@",
                "ani@example",
                "ani@.org",
                "ani@-x.org",
                "a b@example.org",
                "ani@exa mple.org",
                ".ani@example.org",
                "ani.@example.org",
                "a..b@example.org",
                "ani@example..org",
                "\"ani\"@example.org",
                "ani@[127.0.0.1]",
                "ani@127.0.0.1",
                "ani<x>@example.org",
                "ani@example.org\nBcc: x@example.org",
                "анi@example.org"
            })
    void rejects_addresses_that_cannot_receive_mail(String text) {
        assertThatThrownBy(() -> EmailAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must ");
    }

    @Test
    void rejects_too_long_addresses() {
        assertThatThrownBy(() -> EmailAddress.parse("a".repeat(65) + "@example.org"))
                .hasMessageContaining("64");
        assertThatThrownBy(() -> EmailAddress.parse("a@" + "b.".repeat(130) + "org"))
                .hasMessageContaining("254");
    }

    static Stream<Long> seeds() {
        return Stream.of(1L, 2L, 3L);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_canonical_form_of_a_canonical_form_is_itself(long seed) {
        Random random = new Random(seed);
        String[] domains = {"gmail.com", "googlemail.com", "proton.me", "example.org", "ya.ru", "mail.example.co"};
        String letters = "abcXYZ019._-+";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder local = new StringBuilder();
            random.ints(1 + random.nextInt(12), 0, letters.length()).forEach(at -> local.append(letters.charAt(at)));
            EmailAddress address;
            try {
                address = EmailAddress.parse(local + "@" + domains[random.nextInt(domains.length)]);
            } catch (IllegalArgumentException e) {
                continue;
            }
            assertThat(EmailAddress.parse(address.typed().toUpperCase(java.util.Locale.ROOT))
                            .canonical())
                    .isEqualTo(address.canonical());
            try {
                assertThat(EmailAddress.parse(address.canonical()).canonical()).isEqualTo(address.canonical());
            } catch (IllegalArgumentException e) {
                assertThat(address.canonical()).containsPattern("\\.@");
            }
        }
    }

    @Test
    void the_text_form_has_no_personal_data() {
        assertThat(EmailAddress.parse("ani@example.org").toString()).doesNotContain("ani");
        assertThat(new PersonalData("Ani", "ani@example.org", java.util.Optional.empty(), java.util.Optional.empty())
                        .toString())
                .doesNotContain("Ani")
                .doesNotContain("example");
    }
}
