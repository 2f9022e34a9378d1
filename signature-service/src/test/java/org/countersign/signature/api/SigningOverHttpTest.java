package org.countersign.signature.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SigningOverHttpTest extends RunningService {

    @Test
    void a_signer_signs_confirms_and_withdraws() {
        String petition = publishedPetition();

        HttpProbe.Response signed = sign(petition, "sona@example.org");
        assertThat(signed.status()).isEqualTo(202);
        assertThat(signed.json()).isEqualTo(JSON.readTree("{\"status\":\"pending\"}"));

        String signature = onlySignature(petition);
        TestMail mail = mailData(signature, 1);
        assertThat(mail.get("email").asString()).isEqualTo("sona@example.org");

        for (int time = 1; time <= 2; time++) {
            HttpProbe.Response verified = withToken("verify", mail.confirmToken());
            assertThat(verified.status()).isEqualTo(200);
            assertThat(verified.json())
                    .isEqualTo(JSON.readTree("{\"signatureId\":\"%s\",\"petition\":\"%s\",\"status\":\"verified\"}"
                            .formatted(signature, petition)));
        }
        for (int time = 1; time <= 2; time++) {
            HttpProbe.Response withdrawn = withToken("withdraw", mail.withdrawToken());
            assertThat(withdrawn.status()).isEqualTo(200);
            assertThat(withdrawn.json().get("status").asString()).isEqualTo("withdrawn");
        }
        assertThat(history(petition))
                .containsExactly("PetitionPublished", "PetitionSigned", "SignatureVerified", "SignatureWithdrawn");
    }

    @Test
    void another_spelling_of_the_address_gets_the_same_signature_and_response() {
        String petition = publishedPetition();
        HttpProbe.Response first = sign(petition, "Sona.Signer@gmail.com");
        HttpProbe.Response again = sign(petition, "sonasigner+petitions@googlemail.com");
        assertThat(again.status()).isEqualTo(first.status());
        assertThat(again.body()).isEqualTo(first.body());
        onlySignature(petition);
        await().untilAsserted(() ->
                assertThat(history(petition)).containsExactly("PetitionPublished", "PetitionSigned", "PetitionSigned"));
    }

    @Test
    void a_signer_signs_again_after_withdrawing_and_old_links_do_not_work() {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        String signature = onlySignature(petition);
        TestMail firstMail = mailData(signature, 1);
        withToken("withdraw", firstMail.withdrawToken());
        sign(petition, "sona@example.org");
        await().until(() -> history(petition).size() == 4);

        assertThat(withToken("verify", firstMail.confirmToken()).status()).isEqualTo(410);
        assertThat(withToken("withdraw", firstMail.withdrawToken()).status()).isEqualTo(410);
        assertThat(withToken("verify", mailData(signature, 2).confirmToken()).status())
                .isEqualTo(200);
    }

    @Test
    void a_moderator_invalidates_and_reinstates_a_signature() {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        String signature = onlySignature(petition);
        HttpProbe.Response invalidated =
                post("/api/signatures/" + signature + "/invalidate", "{\"reason\":\"not a person\"}", as(ORGANISER));
        assertThat(invalidated.json().get("status").asString()).isEqualTo("invalidated");
        HttpProbe.Response reinstated = post(
                "/api/signatures/" + signature + "/reinstate", "{\"reason\":\"a person after all\"}", as(ORGANISER));
        assertThat(reinstated.json().get("status").asString()).isEqualTo("pending");
    }

    private List<String> history(String petition) {
        return get("/api/petitions/" + petition + "/history", as(AUDITOR))
                .body()
                .lines()
                .map(line -> JSON.readTree(line).get("type").asString())
                .toList();
    }

    private JsonNode remind(String signature, int round, long pendingFor) {
        return mailData("{\"petition\":\"any\",\"signature\":\"%s\",\"round\":%d,\"pendingFor\":%d}"
                        .formatted(signature, round, pendingFor))
                .get("remind");
    }

    @Test
    void only_a_signer_who_has_not_confirmed_may_be_reminded() {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        String signature = onlySignature(petition);
        assertThat(mailData(signature, 1).get("remind")).as("no reminder").isNull();
        assertThat(remind(signature, 1, 0).asBoolean()).isTrue();
        assertThat(remind(signature, 1, Duration.ofDays(2).toSeconds()).asBoolean())
                .as("the notifier has a wrong clock")
                .isFalse();
        withToken("verify", mailData(signature, 1).confirmToken());
        assertThat(remind(signature, 1, 0).asBoolean()).isFalse();
    }

    @Test
    void closed_petitions_and_those_without_reminders_remind_nobody() {
        String closed = publishedPetition();
        sign(closed, "sona@example.org");
        post("/api/petitions/" + closed + "/close", "", as(ORGANISER));
        assertThat(remind(onlySignature(closed), 1, 0).asBoolean()).isFalse();

        String quiet = "quiet-" + UUID.randomUUID();
        String body = petition(quiet).strip();
        String without = body.substring(0, body.length() - 1) + ",\"reminders\":false}";
        assertThat(post("/api/petitions", without, as(ORGANISER)).status()).isEqualTo(201);
        sign(quiet, "sona@example.org");
        assertThat(remind(onlySignature(quiet), 1, 0).asBoolean()).isFalse();
    }
}
