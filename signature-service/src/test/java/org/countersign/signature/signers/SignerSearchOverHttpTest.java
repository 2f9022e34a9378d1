package org.countersign.signature.signers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

@ExtendWith(OutputCaptureExtension.class)
class SignerSearchOverHttpTest extends RunningService {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private HttpProbe.Response call(String path, Map<String, ?> body) {
        return post(path, JSON.writeValueAsString(body), as(ORGANISER));
    }

    private static String path(String petition) {
        return "/api/petitions/" + petition + "/signatures/search";
    }

    private JsonNode search(String petition, Map<String, ?> body) {
        HttpProbe.Response response = call(path(petition), body);
        assertThat(response.status()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        return response.json();
    }

    private static List<String> ids(JsonNode result) {
        return result.get("signatures")
                .valueStream()
                .map(one -> one.get("signatureId").asString())
                .toList();
    }

    private String signed(String petition, String email) {
        sign(petition, email);
        return newestSignature(petition);
    }

    private String confirmed(String petition, String email) {
        signAndConfirm(petition, Map.of("name", "Sona Signer", "email", email, "country", "AM"));
        return newestSignature(petition);
    }

    private void moderate(String signature, String decision) {
        assertThat(call("/api/signatures/" + signature + "/" + decision, Map.of("reason", "a script"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void the_organiser_learns_in_one_call_whether_the_person_of_an_address_counts() {
        String petition = publishedPetition();
        String signature = confirmed(petition, "Sona.Signer@Find.Example");
        confirmed(petition, "another@find.example");
        for (String spelling :
                List.of("Sona.Signer@Find.Example", "sona.signer@find.example", " SONA.SIGNER+news@FIND.example ")) {
            JsonNode found = search(petition, Map.of("email", spelling)).get("signatures");
            assertThat(found.size()).as(spelling).isEqualTo(1);
            JsonNode one = found.get(0);
            assertThat(one.propertyNames())
                    .containsExactly("signatureId", "petition", "state", "counted", "erased", "country", "signedAt");
            assertThat(one.get("signatureId").asString()).isEqualTo(signature);
            assertThat(one.get("petition").asString()).isEqualTo(petition);
            assertThat(one.get("state").asString()).isEqualTo("verified");
            assertThat(one.get("counted").asBoolean()).isTrue();
            assertThat(one.get("erased").asBoolean()).isFalse();
            assertThat(one.get("country").asString()).isEqualTo("AM");
            assertThat(Instant.parse(one.get("signedAt").asString()))
                    .isBetween(Instant.now().minus(TIMEOUT), Instant.now().plus(TIMEOUT));
        }
        assertThat(search(petition, Map.of("email", "stranger@find.example")).toString())
                .isEqualTo("{\"signatures\":[],\"next\":null}");
        String other = publishedPetition();
        assertThat(ids(search(other, Map.of("email", "sona.signer@find.example"))))
                .isEmpty();
        assertThat(ids(search(other, Map.of("id", signature))))
                .as("a signature of another petition")
                .isEmpty();
        assertThat(ids(search(petition, Map.of("id", signature.toUpperCase())))).containsExactly(signature);
        assertThat(ids(search(petition, Map.of("id", UUID.randomUUID().toString()))))
                .isEmpty();
    }

    @Test
    void signatures_are_found_by_state() {
        String petition = publishedPetition();
        String pending = signed(petition, "pending@state.example");
        String verified = confirmed(petition, "verified@state.example");
        String erased = confirmed(petition, "erased@state.example");
        call("/api/signatures/" + erased + "/erase", Map.of());
        String withdrawn = signed(petition, "withdrawn@state.example");
        withToken("withdraw", mailData(withdrawn, 1).withdrawToken());
        String invalid = confirmed(petition, "invalid@state.example");
        moderate(invalid, "invalidate");

        assertThat(ids(search(petition, Map.of("state", "pending")))).containsExactly(pending);
        assertThat(ids(search(petition, Map.of("state", "verified")))).containsExactly(verified, erased);
        assertThat(ids(search(petition, Map.of("state", "withdrawn")))).containsExactly(withdrawn);
        assertThat(ids(search(petition, Map.of("state", "expired")))).isEmpty();
        JsonNode found = search(petition, Map.of("state", "invalidated"));
        assertThat(ids(found)).containsExactly(invalid);
        assertThat(found.get("signatures").get(0).get("counted").asBoolean()).isFalse();
        JsonNode gone = search(petition, Map.of("state", "erased"));
        assertThat(ids(gone)).containsExactly(erased);
        assertThat(gone.get("signatures").get(0).get("counted").asBoolean())
                .as("an erased signature still counts")
                .isTrue();
        assertThat(ids(search(petition, Map.of("state", "pending", "email", "verified@state.example"))))
                .as("all criteria must hold")
                .isEmpty();
        assertThat(ids(search(petition, Map.of("id", pending, "email", "verified@state.example"))))
                .isEmpty();
        moderate(invalid, "reinstate");
        assertThat(ids(search(petition, Map.of("state", "verified")))).containsExactly(verified, erased, invalid);
    }

    @Test
    void pages_follow_each_other_without_gaps_and_repetitions() {
        String petition = publishedPetition();
        String elsewhere = publishedPetition();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(signed(petition, "page" + i + "@page.example"));
            signed(elsewhere, "page" + i + "@page.example");
        }
        withToken("withdraw", mailData(all.get(0), 1).withdrawToken());
        sign(petition, "page0@page.example");
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(
                                search(petition, Map.of("id", all.get(0))).toString())
                        .contains("pending"));
        List<String> read = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        Map<String, Object> body = new LinkedHashMap<>(Map.of("state", "pending", "limit", 2));
        for (JsonNode page = search(petition, body); ; page = search(petition, body)) {
            read.addAll(ids(page));
            sizes.add(page.get("signatures").size());
            if (page.get("next").isNull()) {
                break;
            }
            body.put("after", page.get("next").asString());
        }
        assertThat(read).as("somebody who signed again has the first place").containsExactlyElementsOf(all);
        assertThat(sizes).startsWith(2, 2, 1);
    }

    @Test
    void signatures_are_found_by_the_time_of_the_first_sign_call() throws InterruptedException {
        String petition = publishedPetition();
        String first = signed(petition, "first@time.example");
        Thread.sleep(20);
        String second = signed(petition, "second@time.example");
        String time = search(petition, Map.of("id", second))
                .get("signatures")
                .get(0)
                .get("signedAt")
                .asString();
        assertThat(ids(search(petition, Map.of("from", time)))).containsExactly(second);
        assertThat(ids(search(petition, Map.of("to", time)))).as("exclusive").containsExactly(first);
        assertThat(ids(search(petition, Map.of("from", "2000-01-01T00:00:00Z", "to", "2100-01-01T00:00:00Z"))))
                .containsExactly(first, second);
        assertThat(ids(search(petition, Map.of("from", "2000-01-01T00:00:00Z", "to", "2000-01-02T00:00:00Z"))))
                .isEmpty();
        assertThat(ids(search(petition, Map.of("from", "2100-01-01T00:00:00Z"))))
                .isEmpty();
        assertThat(ids(search(petition, Map.of("from", "-1000000000-01-01T00:00:00Z"))))
                .hasSize(2);
    }

    private List<String> wrongFields(String path, Map<String, ?> body) {
        HttpProbe.Response response = call(path, body);
        assertThat(response.status()).as(body + ": " + response.body()).isEqualTo(422);
        return response.json()
                .get("errors")
                .valueStream()
                .map(error -> error.get("field").asString())
                .toList();
    }

    @Test
    void bad_input_is_answered_422_with_the_names_of_the_fields() {
        String petition = publishedPetition();
        assertThat(wrongFields(
                        path(petition),
                        Map.of(
                                "email", "nobody", "id", "7", "from", "today", "to", "x", "state", "gone", "after",
                                "-1")))
                .containsExactly("email", "id", "from", "to", "state", "after");
        assertThat(wrongFields(path(petition), Map.of())).containsExactly("email");
        assertThat(call(path(petition), Map.of()).body())
                .contains("give at least one of email, id, from, to and state");
        for (Object limit : List.of(0, 501, -1, "many")) {
            assertThat(wrongFields(path(petition), Map.of("state", "pending", "limit", limit)))
                    .containsExactly("limit");
        }
        assertThat(wrongFields(path(petition), Map.of("from", "2030-01-02T00:00:00Z", "to", "2030-01-01T00:00:00Z")))
                .containsExactly("to");
        assertThat(wrongFields("/api/signatures/search", Map.of())).containsExactly("email");
        assertThat(wrongFields("/api/signatures/erase-person", Map.of())).containsExactly("email", "reason");
        assertThat(wrongFields(
                        "/api/signatures/erase-person",
                        Map.of("email", "a@reason.example", "reason", "a@reason.example asked for it")))
                .containsExactly("reason");
        assertThat(post(path(petition), "[", as(ORGANISER)).status()).isEqualTo(400);
        assertThat(call(path("no-such-petition"), Map.of("state", "pending")).status())
                .isEqualTo(404);
    }

    @Test
    void only_the_organiser_searches_and_erases_and_only_with_post() {
        for (String path :
                List.of(path(publishedPetition()), "/api/signatures/search", "/api/signatures/erase-person")) {
            String body = "{\"email\":\"sona@roles.example\",\"reason\":\"asked\"}";
            assertThat(post(path, body).status()).as(path).isEqualTo(401);
            assertThat(post(path, body, as(AUDITOR)).status()).as(path).isEqualTo(403);
            for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
                HttpRequest.Builder request =
                        HttpRequest.newBuilder(uri(path)).method(method, HttpRequest.BodyPublishers.noBody());
                assertThat(send(request, as(ORGANISER)).status())
                        .as(method + " " + path)
                        .isEqualTo(405);
            }
            assertThat(post(path, body, "Authorization", as(ORGANISER)[1], "Sec-Fetch-Site", "cross-site")
                            .status())
                    .as("from a page of another site")
                    .isEqualTo(403);
        }
    }

    @Test
    void a_person_is_found_in_all_petitions() {
        String one = publishedPetition();
        String two = publishedPetition();
        publishedPetition();
        String verified = confirmed(one, "everywhere@all.example");
        String pending = signed(two, "everywhere+tag@all.example");
        JsonNode found = call("/api/signatures/search", Map.of("email", "Everywhere@ALL.example"))
                .json();
        assertThat(ids(found)).containsExactlyInAnyOrder(verified, pending);
        assertThat(found.get("next").isNull()).isTrue();
        assertThat(call("/api/signatures/search", Map.of("email", "nowhere@all.example"))
                        .body())
                .isEqualTo("{\"signatures\":[],\"next\":null}");
    }

    private JsonNode erase(String email) {
        HttpProbe.Response response =
                call("/api/signatures/erase-person", Map.of("email", email, "reason", "asked by letter"));
        assertThat(response.status()).as(response.body()).isEqualTo(200);
        return response.json();
    }

    private static Map<String, String> byId(JsonNode erased, String property) {
        Map<String, String> byId = new LinkedHashMap<>();
        erased.get("signatures")
                .forEach(one -> byId.put(
                        one.get("signatureId").asString(), one.get(property).asString()));
        return byId;
    }

    private long secrets(String signature) {
        return database.sql("select count(*) from stream_event where stream = cast(? as uuid) and secret is not null")
                .param(signature)
                .query(Long.class)
                .single();
    }

    @Test
    void one_call_erases_a_person_everywhere_and_a_second_one_changes_nothing() {
        String one = publishedPetition();
        String two = publishedPetition();
        String verified = confirmed(one, "leaver@erase.example");
        String pending = signed(two, "Leaver+tag@erase.example");
        String stays = confirmed(one, "stays@erase.example");
        String alert = post(
                        "/api/petitions/" + one + "/alerts",
                        JSON.writeValueAsString(Map.of("name", "Lea Leaver", "email", "leaver@erase.example")),
                        as(ORGANISER))
                .json()
                .get("id")
                .asString();

        JsonNode erased = erase("LEAVER@erase.example");
        assertThat(byId(erased, "result")).containsOnly(Map.entry(verified, "erased"), Map.entry(pending, "erased"));
        assertThat(byId(erased, "state"))
                .containsOnly(Map.entry(verified, "verified"), Map.entry(pending, "withdrawn"));
        assertThat(erased.get("alerts").toString())
                .isEqualTo("[{\"alertId\":\"" + alert + "\",\"petition\":\"" + one + "\"}]");
        assertThat(secrets(verified) + secrets(pending) + secrets(alert)).isZero();
        assertThat(secrets(stays)).isPositive();
        assertThat(get("/api/petitions/" + one + "/alerts", as(ORGANISER)).body())
                .isEqualTo("[]");
        assertThat(get("/api/petitions/" + one + "/signatures.csv", as(ORGANISER))
                        .body())
                .doesNotContain("leaver@erase.example")
                .contains("stays@erase.example");

        long head = database.sql("select last_index from log_head")
                .query(Long.class)
                .single();
        JsonNode again = erase("leaver@erase.example");
        assertThat(byId(again, "result").values()).containsOnly("erased before");
        assertThat(again.get("alerts").isEmpty()).isTrue();
        assertThat(database.sql("select count(*) from event where global_index > ? and stream in (?::uuid, ?::uuid)")
                        .params(head, verified, pending)
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(erase("nobody@erase.example").toString()).isEqualTo("{\"signatures\":[],\"alerts\":[]}");
    }

    private long waiting(String signature) {
        return database.sql("select count(*) from repeated_signing where stream = cast(? as uuid)")
                .param(signature)
                .query(Long.class)
                .single();
    }

    @Test
    void sign_calls_that_wait_for_their_mail_are_erased_too() {
        String petition = publishedPetition();
        String signature = confirmed(petition, "often@erase.example");
        for (int i = 0; i < 4; i++) {
            sign(petition, "often@erase.example");
            await().atMost(TIMEOUT).until(() -> waiting(signature) == 0);
        }
        assertThat(byId(erase("often@erase.example"), "result")).containsEntry(signature, "erased");
        sign(petition, "often@erase.example");
        assertThat(waiting(signature)).as("too many mails: the call waits").isEqualTo(1);

        assertThat(byId(erase("often@erase.example"), "result")).containsEntry(signature, "erased");
        assertThat(waiting(signature)).isZero();
        assertThat(secrets(signature)).isZero();
        assertThat(search(petition, Map.of("id", signature)).toString()).contains("\"counted\":true,\"erased\":true");
        assertThat(byId(erase("often@erase.example"), "result")).containsEntry(signature, "erased before");
    }

    private List<String> entries(String object) {
        return database.sql("""
                        select user_name || ' ' || action || ' ' || object || ' ' || coalesce(row_count, -1)
                        from access_log where object like ? order by id""").param(object).query(String.class).list();
    }

    @Test
    void the_access_log_tells_who_did_what_and_no_log_has_the_address(CapturedOutput output) {
        String petition = publishedPetition();
        String signature = confirmed(petition, "quiet.person@hidden.example");
        search(petition, Map.of("email", "quiet.person@hidden.example"));
        search(petition, Map.of("state", "withdrawn"));
        call(path(petition), Map.of("email", "quiet.person@hidden..example"));
        call("/api/signatures/search", Map.of("email", "quiet.person@hidden.example"));
        call(
                "/api/signatures/erase-person",
                Map.of("email", "quiet.person@hidden.example", "reason", "letter " + petition));
        assertThat(entries(petition + "%"))
                .containsExactly(
                        "organiser search signatures " + petition + " -1",
                        "organiser found signatures " + petition + " 1",
                        "organiser search signatures " + petition + " -1",
                        "organiser found signatures " + petition + " 0",
                        "organiser search signatures " + petition + " -1",
                        "organiser erased signer " + petition + " " + signature + " 1");
        assertThat(entries("letter " + petition)).containsExactly("organiser erase person letter " + petition + " -1");
        assertThat(entries("")).contains("organiser found signatures  1", "organiser erased person  1");
        assertThat(database.sql("select count(*) from access_log a where a::text like '%quiet.person%'")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(output.getAll()).doesNotContainIgnoringCase("quiet.person").doesNotContain("hidden..example");
    }

    @Test
    void without_its_entry_in_the_access_log_nothing_is_searched_or_erased() {
        String petition = publishedPetition();
        String signature = confirmed(petition, "unlogged@erase.example");
        database.sql("alter table access_log add constraint no_search "
                        + "check (action not in ('search signatures', 'erase person')) not valid")
                .update();
        try {
            assertThat(call(path(petition), Map.of("state", "pending")).status())
                    .isEqualTo(503);
            assertThat(call(
                                    "/api/signatures/erase-person",
                                    Map.of("email", "unlogged@erase.example", "reason", "asked"))
                            .status())
                    .isEqualTo(503);
        } finally {
            database.sql("alter table access_log drop constraint no_search").update();
        }
        assertThat(secrets(signature)).isPositive();
    }
}
