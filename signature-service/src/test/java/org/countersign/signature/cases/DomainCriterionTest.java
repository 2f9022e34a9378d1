package org.countersign.signature.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainCriterionTest {

    @ParameterizedTest
    @CsvSource({
        "evil.example, evil.example, true",
        "evil.example, a.evil.example, false",
        "*.evil.example, a.evil.example, true",
        "*.evil.example, a.b.evil.example, true",
        "*.evil.example, evil.example, false",
        "*.evil.example, notevil.example, false",
        "mail*.example, mail7.example, true",
        "mail*.example, mail.example, true",
        "*a*b.example, xaxbxab.example, true",
        "*a*b.example, xbxa.example, false",
        "*.example, evil.example.org, false"
    })
    void a_star_stands_for_any_text(String glob, String domain, boolean matches) {
        assertThat(DomainCriterion.matches(DomainCriterion.parse(glob), domain)).isEqualTo(matches);
    }

    @Test
    void a_domain_is_compared_in_the_form_of_addresses() {
        assertThat(DomainCriterion.parse(" Evil.EXAMPLE ")).isEqualTo("evil.example");
        assertThat(DomainCriterion.parse("*.Evil.EXAMPLE")).isEqualTo("*.evil.example");
        assertThat(DomainCriterion.parse("bücher.example")).isEqualTo("xn--bcher-kva.example");
        assertThat(DomainCriterion.parse("googlemail.com")).isEqualTo("gmail.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "*.*", "example", "a@evil.example", "evil..example", "-x.example", "evil.ex*"})
    void what_is_no_domain_is_refused(String glob) {
        assertThatIllegalArgumentException().isThrownBy(() -> DomainCriterion.parse(glob));
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.SECONDS)
    void many_stars_take_no_time() {
        String glob = "*a".repeat(100) + "b.example";
        assertThat(DomainCriterion.matches(glob, "a".repeat(240) + ".example")).isFalse();
    }
}
