package org.countersign.signature.people;

import static org.assertj.core.api.Assertions.assertThat;

import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** A service on which only people with an account sign in. */
@TestPropertySource(properties = "countersign.built-in-users=false")
class BuiltInUsersTest extends RunningService {

    @Test
    void without_built_in_users_a_page_leads_to_the_sign_in_and_no_password_counts() {
        HttpProbe.Response page = get("/organise/new", "Accept", "text/html");
        assertThat(page.status()).isEqualTo(303);
        assertThat(page.headers().firstValue("Location")).hasValue("/sign-in?next=%2Forganise%2Fnew");
        assertThat(page.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(get("/sign-in").status()).isEqualTo(200);
        HttpProbe.Response call = get("/api/privacy", as(ORGANISER));
        assertThat(call.status()).isEqualTo(401);
    }
}
