package org.countersign.signature.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ClosedPetitionTest extends RunningService {

    @Test
    void a_closed_petition_accepts_only_confirmations_and_can_be_reopened() {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        String token = mailData(onlySignature(petition), 1).confirmToken();

        HttpProbe.Response closed = post("/api/petitions/" + petition + "/close", "", as(ORGANISER));
        assertThat(closed.status()).isEqualTo(200);
        assertThat(closed.json().get("state").asString()).isEqualTo("closed");
        assertThat(sign(petition, "ani@example.org").status()).isEqualTo(409);
        assertThat(get("/petitions/" + petition).body()).contains("This petition is closed");
        assertThat(withToken("verify", token).status()).isEqualTo(200);

        assertThat(post("/api/petitions/" + petition + "/reopen", "", as(ORGANISER))
                        .json()
                        .get("state")
                        .asString())
                .isEqualTo("open");
        assertThat(sign(petition, "ani@example.org").status()).isEqualTo(202);
    }

    @Test
    void a_petition_closes_at_its_closing_time() {
        ObjectNode body = (ObjectNode) JSON.readTree(petition("closes-" + System.nanoTime()));
        body.put("closesAt", Instant.now().plus(Duration.ofSeconds(3)).toString());
        String slug = post("/api/petitions", body.toString(), as(ORGANISER))
                .json()
                .get("slug")
                .asString();
        assertThat(sign(slug, "sona@example.org").status()).isEqualTo(202);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> sign(slug, "ani@example.org").status() == 409);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/api/petitions/" + slug + "/history", as(AUDITOR))
                        .body()
                        .contains("PetitionClosed"));
    }
}
