package org.countersign.notifier.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainLimitsTest {

    @Test
    void a_domain_has_its_own_limit_or_the_usual_one() {
        DomainLimits limits = new DomainLimits(100, " Gmail.com = 600, bücher.example=60 ,free.example=0");
        assertThat(limits.of("gmail.com")).isEqualTo(600);
        assertThat(limits.of("xn--bcher-kva.example")).isEqualTo(60);
        assertThat(limits.of("free.example")).as("no limit").isNull();
        assertThat(limits.of("other.example")).isEqualTo(100);
        assertThat(new DomainLimits(0, "").of("other.example")).as("by default").isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gmail.com",
                "gmail.com=",
                "=5",
                "a..b=5",
                "gmail.com=-1",
                "gmail.com=many",
                "gmail.com=5;x.org=6"
            })
    void a_malformed_setting_is_refused_by_its_name(String text) {
        assertThatThrownBy(() -> new DomainLimits(0, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("COUNTERSIGN_MAIL_DOMAIN_LIMITS");
    }

    @Test
    void a_negative_limit_is_refused() {
        assertThatThrownBy(() -> new DomainLimits(-1, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("COUNTERSIGN_MAIL_PER_DOMAIN_MINUTE");
    }
}
