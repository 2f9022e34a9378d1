package org.countersign.signature.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Cases through the API and through the organiser's page, and what everybody sees of them. */
class CasesOverHttpTest extends RunningService {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String OF_BOTS =
            "{\"criteria\":{\"domains\":[\"bots.example\"]},\"reason\":\"one domain\",\"publicReason\":\"A program’s\"}";

    private String petition;
    private String path;

    @BeforeEach
    void publish() {
        petition = publishedPetition();
        path = "/api/petitions/" + petition + "/cases";
    }

    private void signed(String email) {
        signAndConfirm(petition, Map.of("name", "Sona Signer", "email", email, "country", "AM"));
    }

    private List<String> wrongFields(String body) {
        HttpProbe.Response refused = post(path, body, as(ORGANISER));
        assertThat(refused.status()).as(refused.body()).isEqualTo(422);
        return refused.json()
                .get("errors")
                .valueStream()
                .map(error -> error.get("field").asString())
                .toList();
    }

    private JsonNode reaching(String location, String state) {
        await().atMost(TIMEOUT)
                .until(() -> get(location, as(ORGANISER))
                        .json()
                        .get("state")
                        .asString()
                        .equals(state));
        return get(location, as(ORGANISER)).json();
    }

    private long entries(String action, String object) {
        return database.sql("select count(*) from access_log where action = ? and object = ?")
                .params(action, object)
                .query(Long.class)
                .single();
    }

    @Test
    void an_organiser_previews_starts_follows_and_undoes_a_case() {
        signed("sona@bots.example");
        signed("mane@people.example");
        HttpProbe.Response preview = post(path + "/preview", OF_BOTS, as(ORGANISER));
        assertThat(preview.status()).isEqualTo(200);
        assertThat(preview.json().get("matches").asLong()).isEqualTo(1);
        assertThat(preview.json().get("sample").get(0).get("address").asString())
                .isEqualTo("s…@bots.example");
        assertThat(preview.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(entries("preview case", petition)).isEqualTo(1);

        HttpProbe.Response opened = post(path, OF_BOTS, as(ORGANISER));
        assertThat(opened.status()).isEqualTo(202);
        String location = opened.headers().firstValue("Location").orElseThrow();
        assertThat(location).isEqualTo("/api/cases/" + opened.json().get("id").asString());
        JsonNode done = reaching(location, "done");
        assertThat(done.get("matched").asLong()).isEqualTo(1);
        assertThat(done.get("removed").asLong()).isEqualTo(1);
        assertThat(done.get("actor").asString()).isEqualTo("organiser");
        assertThat(done.get("criteria").toString()).contains("\"domains\":[\"bots.example\"]", "pending", "verified");
        assertThat(get(path, as(ORGANISER)).json()).hasSize(1);

        assertThat(post(location + "/cancel", "", as(ORGANISER)).status()).isEqualTo(409);
        assertThat(post(location + "/undo", "", as(ORGANISER)).status()).isEqualTo(200);
        assertThat(reaching(location, "undone").get("restored").asLong()).isEqualTo(1);
        assertThat(entries("undo case", location.substring("/api/cases/".length())))
                .isEqualTo(1);
    }

    @Test
    void everybody_reads_how_many_signatures_were_removed_when_and_why() {
        signed("sona@bots.example");
        signed("mane@bots.example");
        assertThat(get("/petitions/" + petition).body()).doesNotContain("Removed signatures");
        String location = post(path, OF_BOTS, as(ORGANISER))
                .headers()
                .firstValue("Location")
                .orElseThrow();
        reaching(location, "done");
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(
                                Jsoup.parse(get("/petitions/" + petition).body())
                                        .select("section.removed li")
                                        .text())
                        .matches("Signatures removed from the count on .+: 2\\. The organiser’s reason: A program’s"));
        assertThat(get("/petitions/" + petition, "Accept-Language", "de").body())
                .contains("Entfernte Unterschriften");
        post(location + "/undo", "", as(ORGANISER));
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(get("/petitions/" + petition).body()).contains("and counted again since: 2."));
    }

    @Test
    void invalid_fields_are_named() {
        assertThat(wrongFields("{}")).containsExactly("criteria", "reason", "publicReason");
        assertThat(wrongFields("{\"criteria\":{\"domain\":[\"x.example\"]},\"reason\":\"x\",\"publicReason\":\"x\"}"))
                .as("a misspelt criterion")
                .contains("criteria.domain");
        assertThat(wrongFields("""
                {"criteria":{"domains":["ok.example","*"],"countries":["XX"],"from":"yesterday","states":["withdrawn"],
                "ids":["x"],"addresses":["nobody"]},"reason":"a","publicReason":"b\\u0000"}"""))
                .containsExactly(
                        "criteria.domains[1]",
                        "criteria.countries[0]",
                        "criteria.from",
                        "criteria.states[0]",
                        "criteria.ids[0]",
                        "criteria.addresses[0]",
                        "publicReason");
        assertThat(wrongFields("""
                {"criteria":{"from":"2030-01-02T00:00:00Z","to":"2030-01-01T00:00:00Z"},
                "reason":"a","publicReason":"b"}""")).containsExactly("criteria.to");
        assertThat(wrongFields("{\"criteria\":{\"domains\":[]},\"reason\":\"a\",\"publicReason\":\"b\"}"))
                .containsExactly("criteria.domains");
        assertThat(post("/api/petitions/no-such-petition/cases", OF_BOTS, as(ORGANISER))
                        .status())
                .isEqualTo(404);
        assertThat(get(path, as(ORGANISER)).json()).isEmpty();
    }

    @Test
    void only_the_organiser_sees_or_changes_cases() {
        String one = "/api/cases/" + UUID.randomUUID();
        for (String[] who : List.of(new String[0], as(AUDITOR))) {
            int refused = who.length == 0 ? 401 : 403;
            assertThat(get(path, who).status()).isEqualTo(refused);
            assertThat(get(one, who).status()).isEqualTo(refused);
            assertThat(get("/organise/petitions/" + petition + "/cases", who).status())
                    .isEqualTo(refused);
            for (String call : List.of(path, path + "/preview", one + "/cancel", one + "/undo")) {
                assertThat(post(call, OF_BOTS, who).status()).as(call).isEqualTo(refused);
            }
        }
        assertThat(get(one, as(ORGANISER)).status()).isEqualTo(404);
        assertThat(post(one + "/cancel", "", as(ORGANISER)).status()).isEqualTo(404);
        assertThat(post(one + "/undo", "", as(ORGANISER)).status()).isEqualTo(404);
    }

    private HttpProbe.Response page(Map<String, String> fields, boolean withToken) {
        String address = "/organise/petitions/" + petition + "/cases";
        HttpProbe.Response page = get(address, as(ORGANISER));
        String token = Jsoup.parse(page.body()).select("input[name=_csrf]").attr("value");
        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        String body = (withToken ? "_csrf=" + token + "&" : "")
                + fields.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        return send(
                HttpRequest.newBuilder(uri(address))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Cookie", cookie)
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                as(ORGANISER));
    }

    @Test
    void the_page_shows_a_preview_before_it_starts_a_case() {
        signed("sona@bots.example");
        assertThat(get("/organise/petitions/" + petition, as(ORGANISER)).body())
                .contains("/organise/petitions/" + petition + "/cases");
        Map<String, String> fields =
                Map.of("domains", "bots.example", "reason", "one domain", "publicReason", "A program’s");
        assertThat(page(fields, false).status())
                .as("without the token of the form")
                .isEqualTo(403);
        HttpProbe.Response nothing = page(Map.of("states", "pending"), true);
        assertThat(nothing.status()).isEqualTo(200);
        assertThat(nothing.body()).contains("The case takes 0 signatures.").doesNotContain("Remove these signatures");
        HttpProbe.Response wrong = page(Map.of("domains", "*", "states", "verified"), true);
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(Jsoup.parse(wrong.body()).select("#domains-error").text())
                .isEqualTo("must be a domain such as example.org or *.example.org");

        Map<String, String> verified = Map.of(
                "domains", "bots.example", "states", "verified", "reason", "one domain", "publicReason", "A program’s");
        Document preview = Jsoup.parse(page(verified, true).body());
        assertThat(preview.select("[role=status]").text())
                .isEqualTo("The case takes 1 signatures. 1 of them count, and 0 are not confirmed yet.");
        assertThat(preview.select("tbody th").text()).isEqualTo("s…@bots.example");
        assertThat(get(path, as(ORGANISER)).json()).as("nothing has begun").isEmpty();

        Map<String, String> start = new HashMap<>(verified);
        start.put("step", "start");
        start.put("previewed", preview.select("input[name=previewed]").attr("value"));
        Map<String, String> changed = new HashMap<>(start);
        changed.put("domains", "*.example");
        assertThat(page(changed, true).body())
                .as("criteria that were changed after the preview")
                .contains("The case takes");
        assertThat(get(path, as(ORGANISER)).json()).isEmpty();
        assertThat(page(start, true).status()).isEqualTo(302);
        String id = get(path, as(ORGANISER)).json().get(0).get("id").asString();
        reaching("/api/cases/" + id, "done");
        Document list = Jsoup.parse(
                get("/organise/petitions/" + petition + "/cases", as(ORGANISER)).body());
        assertThat(list.select("li.case").text()).contains("done", "1 of 1 signatures processed, 1 removed", "Undo");
        assertThat(list.select("li.case form").attr("action")).endsWith("/cases/" + id + "/undo");
    }
}
