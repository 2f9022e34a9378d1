package org.countersign.signature.web.organiser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** The page on which an organiser finds a signer. */
class SignerPagesTest extends RunningService {

    private static String page(String petition) {
        return "/organise/petitions/" + petition + "/signers";
    }

    /** Sends a form as a browser does that has just opened the search page. */
    private HttpProbe.Response submit(String petition, String path, Map<String, String> fields) {
        HttpProbe.Response opened = get(page(petition), as(ORGANISER));
        Element token = Objects.requireNonNull(Jsoup.parse(opened.body()).selectFirst("input[name=_csrf]"), "a token");
        String cookie = opened.headers().allValues("Set-Cookie").stream()
                .map(header -> header.replaceFirst(";.*", ""))
                .collect(Collectors.joining("; "));
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put("_csrf", token.attr("value"));
        String body = all.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", cookie)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return send(request, as(ORGANISER));
    }

    private Document search(String petition, Map<String, String> fields) {
        HttpProbe.Response found = submit(petition, page(petition), fields);
        assertThat(found.status()).as(found.body()).isEqualTo(200);
        assertThat(found.headers().firstValue("Cache-Control")).contains("no-store");
        return Jsoup.parse(found.body());
    }

    private String confirmed(String petition, String email) {
        signAndConfirm(petition, Map.of("name", "Sona Signer", "email", email, "country", "AM"));
        return newestSignature(petition);
    }

    private Document decide(String petition, String signature, String decision, String reason) {
        HttpProbe.Response done =
                submit(petition, page(petition) + "/" + signature + "/" + decision, Map.of("reason", reason));
        assertThat(done.status()).as(done.body()).isEqualTo(302);
        String next = done.headers().firstValue("Location").orElseThrow().replaceFirst("^https?://[^/]*", "");
        HttpProbe.Response after = get(next, as(ORGANISER));
        assertThat(after.status()).isEqualTo(200);
        return Jsoup.parse(after.body());
    }

    @Test
    void the_organiser_finds_a_signer_by_address_id_and_state() {
        String petition = publishedPetition();
        String signature = confirmed(petition, "sona@pages.example");
        assertThat(Jsoup.parse(get("/organise/petitions/" + petition, as(ORGANISER))
                                .body())
                        .select("a[href=" + page(petition) + "]"))
                .hasSize(1);
        for (Map<String, String> fields : List.of(
                Map.of("email", "Sona+x@pages.example", "id", "", "from", "", "to", "", "state", ""),
                Map.of("id", signature),
                Map.of("state", "verified", "from", "2000-01-31T12:00", "to", "2100-01-31T12:00:30"))) {
            Document found = search(petition, fields);
            assertThat(found.select(".rows code").eachText()).containsExactly(signature);
            assertThat(found.select(".rows").text()).contains("It counts.", "verified", "Armenia");
            assertThat(found.select(".rows button").eachText()).containsExactly("Invalidate", "Erase this person");
        }
        assertThat(search(petition, Map.of("email", "nobody@pages.example")).text())
                .contains("There is no such signature.");
    }

    @Test
    void a_mistake_is_shown_at_its_field_and_the_other_fields_stay() {
        String petition = publishedPetition();
        HttpProbe.Response wrong =
                submit(petition, page(petition), Map.of("email", "nobody", "state", "pending", "from", "soon"));
        assertThat(wrong.status()).isEqualTo(422);
        Document page = Jsoup.parse(wrong.body());
        assertThat(page.select("#email-error").text()).contains("must be an e-mail address");
        assertThat(page.select("#email").attr("aria-invalid")).isEqualTo("true");
        assertThat(page.select("#email").val()).isEqualTo("nobody");
        assertThat(page.select("#from-error").text()).contains("must be a time");
        assertThat(page.select("#state option[selected]").val()).isEqualTo("pending");
        assertThat(submit(petition, page(petition), Map.of()).status()).isEqualTo(422);
    }

    @Test
    void a_signature_is_invalidated_and_reinstated_with_a_reason() {
        String petition = publishedPetition();
        String signature = confirmed(petition, "bot@pages.example");
        HttpProbe.Response without =
                submit(petition, page(petition) + "/" + signature + "/invalidate", Map.of("reason", " "));
        assertThat(without.status()).isEqualTo(422);
        assertThat(Jsoup.parse(without.body()).select("#reason-error").text()).isEqualTo("The reason is missing");
        Document after = decide(petition, signature, "invalidate", "signed by a script");
        assertThat(after.select("[role=status]").text()).contains("is invalidated");
        assertThat(after.select(".rows").text()).contains("It does not count.");
        assertThat(after.select(".rows button").eachText()).containsExactly("Reinstate", "Erase this person");
        assertThat(get("/api/signatures/" + signature + "/history", as(AUDITOR)).body())
                .contains("signed by a script");
        assertThat(decide(petition, signature, "reinstate", "a mistake")
                        .select(".rows")
                        .text())
                .contains("It counts.");
    }

    @Test
    void one_button_erases_the_person_in_all_petitions() {
        String petition = publishedPetition();
        String other = publishedPetition();
        String signature = confirmed(petition, "gone@pages.example");
        String elsewhere = confirmed(other, "Gone@pages.example");
        HttpProbe.Response without =
                submit(petition, page(petition) + "/" + signature + "/erase", Map.of("reason", "gone@pages.example"));
        assertThat(without.status()).isEqualTo(422);
        assertThat(without.body()).contains("must have no e-mail address");
        Document after = decide(petition, signature, "erase", "asked by letter");
        assertThat(after.select("[role=status]").text()).contains("erased in all petitions");
        assertThat(after.select(".rows").text()).contains("It counts.", "erased");
        assertThat(database.sql(
                                "select count(*) from stream_event where stream in (?::uuid, ?::uuid) and secret is not null")
                        .params(signature, elsewhere)
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(decide(petition, signature, "erase", "asked again").text()).contains("erased in all petitions");
        assertThat(database.sql("select count(*) from access_log where object in (?, ?) and action = 'erased signer'")
                        .params(petition + " " + signature, other + " " + elsewhere)
                        .query(Long.class)
                        .single())
                .isEqualTo(3);
    }

    @Test
    void a_signature_of_another_petition_is_not_touched_and_a_form_needs_its_token() {
        String petition = publishedPetition();
        String elsewhere = confirmed(publishedPetition(), "else@pages.example");
        for (String id : List.of(elsewhere, UUID.randomUUID().toString(), "7")) {
            for (String decision : List.of("erase", "invalidate", "reinstate")) {
                assertThat(submit(petition, page(petition) + "/" + id + "/" + decision, Map.of("reason", "why"))
                                .status())
                        .as(decision + " " + id)
                        .isEqualTo(404);
            }
        }
        assertThat(get("/organise/petitions/no-such/signers", as(ORGANISER)).status())
                .isEqualTo(404);
        assertThat(get(page(petition)).status()).isEqualTo(401);
        assertThat(get(page(petition), as(AUDITOR)).status()).isEqualTo(403);
        HttpRequest.Builder forged = HttpRequest.newBuilder(uri(page(petition)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("state=pending"));
        assertThat(send(forged, as(ORGANISER)).status()).isEqualTo(403);
    }
}
