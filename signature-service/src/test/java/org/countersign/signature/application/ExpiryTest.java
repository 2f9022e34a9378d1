package org.countersign.signature.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.countersign.signature.RunningService;
import org.junit.jupiter.api.Test;

class ExpiryTest extends RunningService {

    @Test
    void only_signatures_not_confirmed_in_time_expire() {
        String confirmed = publishedPetition();
        sign(confirmed, "sona@example.org");
        withToken("verify", mailData(onlySignature(confirmed), 1).confirmToken());
        String forgotten = publishedPetition();
        sign(forgotten, "ani@example.org");
        sign(forgotten, "ani+again@example.org");
        String lateToken = mailData(onlySignature(forgotten), 1).confirmToken();
        ageAllEvents(Duration.ofDays(8));
        String fresh = publishedPetition();
        sign(fresh, "nare@example.org");

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(history(forgotten)).contains("SignatureExpired"));
        assertThat(history(forgotten)).as("the personal data is erased").contains("SignerErased");
        assertThat(mailData(onlySignature(forgotten), 1).data().isNull()).isTrue();
        assertThat(history(confirmed)).doesNotContain("SignatureExpired", "SignerErased");
        assertThat(history(fresh)).doesNotContain("SignatureExpired");
        assertThat(withToken("verify", lateToken).status()).isEqualTo(410);
        assertThat(sign(forgotten, "ani@example.org").status()).isEqualTo(202);
        assertThat(mailData(onlySignature(forgotten), 2).get("email").asString())
                .isEqualTo("ani@example.org");
    }

    private String history(String petition) {
        return get("/api/petitions/" + petition + "/history", as(AUDITOR)).body();
    }
}
