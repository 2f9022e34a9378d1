package org.countersign.signature.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** A stranger signs with Anna's address. What counts is what Anna confirmed. */
class ConfirmedFormTest extends RunningService {

    private static final String ANNA = "anna@example.org";

    private String petition;
    private String signature;

    private void strangerSignsFirst() {
        petition = publishedPetition();
        signAs("Rude Stranger", "FR", "a rude comment", true);
        signature = onlySignature(petition);
        signAs("Anna Arakelyan", "AM", "for my street", false);
        awaitRounds(2);
    }

    private void awaitRounds(int rounds) {
        await().until(() -> types().stream().filter("PetitionSigned"::equals).count() == rounds);
    }

    private HttpProbe.Response signAs(String name, String country, String comment, boolean publicly) {
        Map<String, Object> form =
                Map.of("name", name, "email", ANNA, "country", country, "comment", comment, "public", publicly);
        return post("/api/petitions/" + petition + "/signatures", JSON.writeValueAsString(form));
    }

    private List<String> types() {
        return get("/api/petitions/" + petition + "/history", as(AUDITOR))
                .body()
                .lines()
                .map(line -> JSON.readTree(line).get("type").asString())
                .toList();
    }

    private String exported() {
        return get("/api/petitions/" + petition + "/signatures.csv", as(ORGANISER))
                .body();
    }

    @Test
    void the_newest_mail_confirms_the_newest_form() {
        strangerSignsFirst();
        withToken("verify", mailData(signature, 2).confirmToken());
        assertThat(exported()).contains("Anna Arakelyan", "AM", "for my street").doesNotContain("Rude", "FR,");
    }

    @Test
    void a_link_confirms_its_own_form_even_if_a_stranger_signs_later() {
        strangerSignsFirst();
        signAs("Another Stranger", "DE", "another rude comment", true);
        awaitRounds(3);
        withToken("verify", mailData(signature, 2).confirmToken());
        assertThat(exported()).contains("Anna Arakelyan").doesNotContain("Stranger", "rude");
        assertThat(mailData(signature, 3).data().isNull())
                .as("the stranger's data is destroyed")
                .isTrue();
        assertThat(withToken("verify", mailData(signature, 2).confirmToken()).status())
                .isEqualTo(200);
    }

    @Test
    void the_page_shows_what_would_be_confirmed_and_takes_corrections() {
        strangerSignsFirst();
        String token = mailData(signature, 1).confirmToken();
        HttpProbe.Response page = get("/confirm?token=" + token);
        assertThat(page.body())
                .contains("Rude Stranger", "a rude comment", "value=\"FR\" selected", "A bench under the lime tree");

        HttpProbe.Response wrong = submit(page, Map.of("token", token, "name", "bit.ly/w1n", "country", "AM"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(types()).doesNotContain("SignatureVerified");

        HttpProbe.Response confirmed =
                submit(page, Map.of("token", token, "name", "Anna Arakelyan", "country", "AM", "comment", ""));
        assertThat(confirmed.status()).isEqualTo(302);
        assertThat(exported()).contains("Anna Arakelyan").doesNotContain("Rude", "rude");
        assertThat(mailData(signature, 1).data().isNull())
                .as("the stranger's data is destroyed")
                .isTrue();
        assertThat(withToken("verify", token).json().get("status").asString()).isEqualTo("verified");
    }

    private HttpProbe.Response submit(HttpProbe.Response page, Map<String, String> fields) {
        Map<String, String> all = new HashMap<>(fields);
        Element csrf = Jsoup.parse(page.body()).selectFirst("input[name=_csrf]");
        all.put("_csrf", Objects.requireNonNull(csrf).attr("value"));
        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        String body = all.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(uri("/confirm"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", cookie)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void withdrawing_and_signing_again_does_not_undo_an_invalidation() {
        petition = publishedPetition();
        signAs("Anna Arakelyan", "AM", "", true);
        signature = onlySignature(petition);
        withToken("verify", mailData(signature, 1).confirmToken());
        post("/api/signatures/" + signature + "/invalidate", "{\"reason\":\"not a person\"}", as(ORGANISER));
        assertThat(withToken("withdraw", mailData(signature, 1).withdrawToken()).status())
                .isEqualTo(200);
        signAs("Anna Arakelyan", "AM", "", true);
        awaitRounds(2);
        assertThat(withToken("verify", mailData(signature, 2).confirmToken()).status())
                .isEqualTo(409);

        String reinstated = post(
                        "/api/signatures/" + signature + "/reinstate",
                        "{\"reason\":\"a person after all\"}",
                        as(ORGANISER))
                .json()
                .get("status")
                .asString();
        assertThat(reinstated).isEqualTo("pending");
        assertThat(withToken("verify", mailData(signature, 2).confirmToken()).status())
                .isEqualTo(200);
    }

    @Test
    void a_withdrawal_also_ends_the_sign_calls_before_it() {
        petition = publishedPetition();
        signAs("Anna Arakelyan", "AM", "", true);
        signature = onlySignature(petition);
        withToken("verify", mailData(signature, 1).confirmToken());
        signAs("Anna Arakelyan", "AM", "", true);
        withToken("withdraw", mailData(signature, 1).withdrawToken());
        await().untilAsserted(() -> assertThat(
                        database.sql("select count(*) from repeated_signing where stream = cast(? as uuid)")
                                .param(signature)
                                .query(Long.class)
                                .single())
                .isZero());
        assertThat(types()).endsWith("SignatureWithdrawn");
    }
}
