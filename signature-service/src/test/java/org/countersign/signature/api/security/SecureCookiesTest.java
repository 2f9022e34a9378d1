package org.countersign.signature.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** The service behind a proxy that ends TLS: connections are not encrypted, but the public URL begins with https. */
@TestPropertySource(properties = "countersign.public-url=https://petitions.example")
class SecureCookiesTest extends RunningService {

    @Test
    void every_cookie_is_secure_and_every_response_demands_tls() {
        String petition = publishedPetition();
        TestMail mail =
                signAndConfirm(petition, Map.of("name", "Sona", "email", "cookies@example.org", "country", "AM"));
        for (String page : List.of(
                "/",
                "/?lang=de",
                "/petitions/" + petition,
                "/confirm?token=" + mail.confirmToken(),
                "/api/petitions")) {
            HttpProbe.Response response = get(page);
            assertThat(response.headers().allValues("Set-Cookie"))
                    .as("cookies of " + page)
                    .allSatisfy(cookie -> assertThat(cookie).contains("; Secure"));
            assertThat(response.headers().firstValue("Strict-Transport-Security"))
                    .as(page)
                    .isPresent();
        }
        assertThat(get("/?lang=de").headers().allValues("Set-Cookie")).isNotEmpty();
        assertThat(get("/confirm?token=" + mail.confirmToken()).headers().allValues("Set-Cookie"))
                .isNotEmpty();
    }
}
