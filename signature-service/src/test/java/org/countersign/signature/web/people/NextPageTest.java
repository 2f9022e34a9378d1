package org.countersign.signature.web.people;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NextPageTest {

    @ParameterizedTest
    @ValueSource(strings = {"/account", "/organise/petitions/bench/held", "/invitation?token=AbC_-1", "/audit"})
    void signing_in_leads_back_to_a_page_of_the_service(String next) {
        assertThat(NextPage.of(next)).isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "//evil.example",
                "https://evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "/accountant",
                "/account\r\nSet-Cookie: session=x",
                "/account@evil.example",
                "javascript:alert(1)",
                "/organise:80",
                " /account",
                "/organise/\u0000"
            })
    void signing_in_leads_nowhere_else(String next) {
        assertThat(NextPage.of(next)).isEqualTo("/account");
        assertThat(NextPage.of("/account?" + "x".repeat(1000))).isEqualTo("/account");
    }
}
