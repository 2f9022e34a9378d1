package org.countersign.signature.web.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** The pages for auditors. */
class AuditPagesTest extends RunningService {

    private Document open(String path) {
        HttpProbe.Response answer = get(path, as(AUDITOR));
        assertThat(answer.status()).isEqualTo(200);
        return Jsoup.parse(answer.body());
    }

    private String confirmed(String petition, String email) {
        sign(petition, email);
        String signature = newestSignature(petition);
        withToken("verify", mailData(signature, 1).confirmToken());
        return signature;
    }

    @Test
    void the_narrative_of_a_signature_has_no_personal_data() {
        String petition = publishedPetition();
        String signature = confirmed(petition, "sona@example.org");
        sign(petition, "sona@example.org");
        await().until(() -> get("/api/signatures/" + signature + "/history", as(AUDITOR))
                .body()
                .contains("SigningRepeated"));
        post(
                "/api/signatures/" + signature + "/invalidate",
                "{\"reason\":\"The address <b>belongs</b> to nobody.\"}",
                as(ORGANISER));
        post("/api/signatures/" + signature + "/reinstate", "{\"reason\":\"It does after all.\"}", as(ORGANISER));
        withToken("withdraw", mailData(signature, 1).withdrawToken());
        withToken("erase", mailData(signature, 1).myDataToken());

        Document story = open("/audit/signatures?id=" + signature);
        assertThat(story.select(".events p").eachText())
                .containsExactly(
                        "Somebody from Armenia signed and did not wish to be named; mail about milestones was welcome. The address was still to be confirmed.",
                        "The owner of the address confirmed the signature. From here on it counts.",
                        "Somebody signed again with the same address. That changed nothing, and a mail said so.",
                        "The organiser declared the signature invalid, and it counts no longer. The reason given: “The address <b>belongs</b> to nobody.”",
                        "The organiser took that back, and the signature counts again. The reason given: “It does after all.”",
                        "The signer withdrew the signature. It counts no longer.",
                        "What the signer gave was erased; nobody can read it any more. The signature stays as it was.");
        assertThat(story.select(".events .hint").eachText().get(1)).contains("later · count +1");
        assertThat(story.select("main strong").text()).isEqualTo("It was withdrawn, and does not count.");
        assertThat(story.html()).doesNotContain("sona@example.org").doesNotContain("Sona");
        assertThat(get("/audit/signatures/" + petition, as(AUDITOR)).status()).isEqualTo(404);
    }

    @Test
    void the_timeline_of_a_petition_explains_its_count() {
        String petition = publishedPetition();
        String first = confirmed(petition, "one@example.org");
        for (int i = 2; i <= 11; i++) {
            confirmed(petition, "signer" + i + "@example.org");
        }
        sign(petition, "pending@example.org");
        post("/api/signatures/" + first + "/invalidate", "{\"reason\":\"Signed for somebody else.\"}", as(ORGANISER));
        post("/api/petitions/" + petition + "/close", "{}", as(ORGANISER));

        assertThat(open("/audit").select("a[href=/audit/petitions/" + petition + "]"))
                .hasSize(1);
        Document timeline = open("/audit/petitions/" + petition);
        assertThat(timeline.select(".sums").last().text())
                .isEqualTo("12 signed +11 began to count −1 ceased to count 10 counted at its end");
        assertThat(timeline.select(".events p").eachText())
                .containsSequence(
                        "The milestone of 10 was reached.",
                        "The organiser declared the signature invalid, and it counts no longer. The reason given: “Signed for somebody else.” Its life",
                        "The petition was closed.");
        assertThat(timeline.select(".events p").first().text()).startsWith("The petition was published; its goal is ");
        assertThat(timeline.select("a[href=/audit/signatures/" + first + "]")).hasSize(1);
    }

    @Test
    void only_auditors_read_audit_pages() {
        for (String path : List.of("/audit", "/audit/petitions/any", "/audit/signatures/any")) {
            assertThat(get(path).status()).isEqualTo(401);
            assertThat(get(path, as(ORGANISER)).status()).isEqualTo(403);
        }
        assertThat(get("/audit", as(AUDITOR))
                        .headers()
                        .firstValue("Content-Security-Policy")
                        .orElseThrow())
                .contains("default-src 'none'");
        assertThat(get("/audit", as(AUDITOR))
                        .headers()
                        .firstValue("Cache-Control")
                        .orElseThrow())
                .contains("no-store");
    }
}
