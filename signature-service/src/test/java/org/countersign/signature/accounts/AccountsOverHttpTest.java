package org.countersign.signature.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.testkit.HttpProbe;
import org.countersign.testkit.RawHttp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

@ExtendWith(OutputCaptureExtension.class)
class AccountsOverHttpTest extends AccountsUnderTest {

    private static final String MODERATOR = "moderator";

    private String[] newToken(String organisation, String person, List<String> roles) {
        return bearer(created(token(organisation, person, roles, Map.of()))
                .json()
                .get("token")
                .asString());
    }

    @Test
    void a_person_is_kept_sealed_and_found_by_a_keyed_hash(CapturedOutput output) {
        String organisation = organisation();
        Map<String, Object> ada =
                Map.of("name", "Ada Quill", "mail", "Ada.Quill@Thornby.Example", "roles", List.of("editor"));
        JsonNode added = created(call("POST", "/api/organisations/" + organisation + "/people", ada, as(ORGANISER)))
                .json();
        assertThat(added.get("name").asString()).isEqualTo("Ada Quill");
        JsonNode again = created(call(
                        "POST",
                        "/api/organisations/" + organisation + "/people",
                        Map.of("name", "Ada", "mail", "ada.quill@thornby.example", "roles", List.of("moderator")),
                        as(ORGANISER)))
                .json();
        assertThat(again.get("id")).isEqualTo(added.get("id"));
        assertThat(again.get("roles").toString()).isEqualTo("[{\"role\":\"moderator\",\"petition\":null}]");
        String row = database.sql("select person::text from person where id = cast(? as uuid)")
                .param(added.get("id").asString())
                .query(String.class)
                .single();
        assertThat(row).doesNotContainIgnoringCase("quill");
        assertThat(output).doesNotContainIgnoringCase("ada.quill");
        JsonNode listed = get("/api/organisations/" + organisation + "/people", as(ORGANISER))
                .json();
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).get("mail").asString()).isEqualTo("Ada.Quill@Thornby.Example");
    }

    @Test
    void wrong_fields_of_organisations_people_and_tokens_are_named() {
        String organisation = organisation();
        assertThat(fields(call("POST", "/api/organisations", Map.of("slug", "No Slug"), as(ORGANISER))))
                .containsExactly("slug", "name");
        assertThat(call("POST", "/api/organisations", Map.of("slug", organisation, "name", "X"), as(ORGANISER))
                        .status())
                .isEqualTo(409);
        String people = "/api/organisations/" + organisation + "/people";
        assertThat(fields(call(
                        "POST",
                        people,
                        Map.of("mail", "nobody", "roles", List.of("king"), "petition", "other"),
                        as(ORGANISER))))
                .containsExactly("name", "mail", "roles[0]", "petition");
        String person = person(organisation, List.of("editor"), "");
        assertThat(fields(
                        token(organisation, person, List.of("moderator"), Map.of("expiresAt", "2999-01-01T00:00:00Z"))))
                .containsExactly("roles[0]", "expiresAt");
        assertThat(fields(token(organisation(), person, List.of("editor"), Map.of())))
                .containsExactly("person");
        assertThat(call("PUT", people + "/" + UUID.randomUUID(), Map.of("roles", List.of("editor")), as(ORGANISER))
                        .status())
                .isEqualTo(404);
    }

    private static List<String> fields(HttpProbe.Response response) {
        assertThat(response.status()).as(response.body()).isEqualTo(422);
        return response.json()
                .get("errors")
                .valueStream()
                .map(error -> error.get("field").asString())
                .toList();
    }

    @Test
    void a_token_is_shown_once_and_ends_with_its_owner_its_time_and_its_revocation(CapturedOutput output) {
        Place own = place();
        String person = person(own.organisation(), List.of("editor", "publisher"), "");
        String alerts = "/api/petitions/" + own.petition() + "/alerts";
        JsonNode created = created(token(own.organisation(), person, List.of("publisher"), Map.of()))
                .json();
        String secret = created.get("token").asString();
        String id = created.get("id").asString();
        assertThat(get(alerts, bearer(secret)).status()).isEqualTo(200);
        String tokens = "/api/organisations/" + own.organisation() + "/tokens";
        HttpProbe.Response list = get(tokens, as(ORGANISER));
        assertThat(list.json().get(0).get("lastUsedAt").isNull()).isFalse();
        String random = secret.substring(secret.length() - 30);
        assertThat(list.body()).doesNotContain(random);
        assertThat(output).doesNotContain(random);
        assertThat(database.sql("select string_agg(t::text, '') from api_token t")
                        .query(String.class)
                        .single())
                .doesNotContain(random);

        call(
                "PUT",
                "/api/organisations/" + own.organisation() + "/people/" + person,
                Map.of("roles", List.of("editor")),
                as(ORGANISER));
        assertThat(get(alerts, bearer(secret)).status())
                .as("the owner lost the role")
                .isEqualTo(404);
        call(
                "PUT",
                "/api/organisations/" + own.organisation() + "/people/" + person,
                Map.of("roles", List.of("publisher")),
                as(ORGANISER));
        assertThat(get(alerts, bearer(secret)).status()).isEqualTo(200);

        update("update person set disabled_at = now() where id = cast(? as uuid)", person);
        refused(alerts, secret, "disabled");
        update("update person set disabled_at = null where id = cast(? as uuid)", person);
        update(
                "update api_token set created_at = now() - interval '2 days', expires_at = now() - interval '1 day'"
                        + " where id = cast(? as uuid)",
                id);
        refused(alerts, secret, "expired");
        update("update api_token set expires_at = now() + interval '1 day' where id = cast(? as uuid)", id);
        assertThat(get(alerts, bearer(secret)).status()).isEqualTo(200);
        assertThat(call("DELETE", tokens + "/" + id, Map.of(), as(ORGANISER)).status())
                .isEqualTo(204);
        refused(alerts, secret, "revoked");
        refused(alerts, secret.substring(0, secret.length() - 1) + "!", "wrong");
    }

    private void update(String sql, String id) {
        database.sql(sql).param(id).update();
    }

    private void refused(String path, String token, String reason) {
        HttpProbe.Response response = get(path, bearer(token));
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.body()).contains(reason);
        assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("invalid_token");
    }

    @Test
    void guessing_tokens_is_limited_and_no_query_or_form_has_a_token() {
        String organisation = organisation();
        String person = person(organisation, List.of("editor"), "");
        String token = created(token(organisation, person, List.of("editor"), Map.of()))
                .json()
                .get("token")
                .asString();
        RawHttp guesser = new RawHttp(port, "127.0.0.77");
        List<String> wrong = List.of("Authorization: Bearer " + token + "x");
        for (int i = 0; i < 5; i++) {
            assertThat(guesser.send("GET", "/organise", wrong)).isEqualTo(401);
        }
        assertThat(guesser.send("GET", "/organise", wrong)).isEqualTo(429);
        assertThat(guesser.send("GET", "/organise", List.of("Authorization: Bearer " + token)))
                .isEqualTo(200);
        for (String query : List.of("access_token", "token", "authorization")) {
            assertThat(get("/organise?" + query + "=" + token).status()).isEqualTo(401);
        }
    }

    @Test
    void a_member_publishes_for_their_organisation_only() {
        Place own = place();
        Place foreign = place();
        String[] publisher = member(own.organisation(), List.of("publisher"), "");
        String slug = "mine-" + UUID.randomUUID();
        assertThat(post("/api/petitions", petition(slug), publisher).status()).isEqualTo(201);
        assertThat(get("/organise", publisher).body())
                .contains(slug, own.petition())
                .doesNotContain(foreign.petition());
        HttpProbe.Response other = publish("other-" + UUID.randomUUID(), foreign.organisation(), publisher);
        HttpProbe.Response none = publish("other-" + UUID.randomUUID(), "no-such-organisation", publisher);
        assertThat(fields(other)).containsExactly("organisation");
        assertThat(other.body()).isEqualTo(none.body());
        assertThat(get("/organise/new", publisher).body()).doesNotContain("name=\"organisation\"");
        assertThat(get("/organise/new", as(ORGANISER)).body())
                .contains("value=\"" + own.organisation(), "value=\"" + foreign.organisation());
        String[] ofOne = member(own.organisation(), List.of("publisher"), own.petition());
        assertThat(post("/api/petitions", petition("one-" + UUID.randomUUID()), ofOne)
                        .status())
                .isEqualTo(403);
    }

    private HttpProbe.Response publish(String slug, String organisation, String... headers) {
        Map<String, Object> body = new HashMap<>(JSON.readValue(petition(slug), Map.class));
        body.put("organisation", organisation);
        return call("POST", "/api/petitions", body, headers);
    }

    @Test
    void lists_searches_and_erasures_reach_only_the_petitions_of_the_role() {
        Place own = place();
        Place foreign = place();
        String second = publishedPetition(own.organisation());
        for (String petition : List.of(own.petition(), second, foreign.petition())) {
            signAndConfirm(petition, Map.of("name", "Mane", "email", "mane@reach.example", "country", "AM"));
        }
        String[] ofOne = member(own.organisation(), List.of(MODERATOR), own.petition());
        String[] ofAll = member(own.organisation(), List.of(MODERATOR), "");
        Map<String, String> mane = Map.of("email", "mane@reach.example");
        assertThat(call("POST", "/api/signatures/search", mane, ofOne).body())
                .contains(own.petition())
                .doesNotContain(second, foreign.petition());
        assertThat(call("POST", "/api/signatures/search", mane, ofAll).body())
                .contains(own.petition(), second)
                .doesNotContain(foreign.petition());
        assertThat(get("/organise", ofOne).body()).contains(own.petition()).doesNotContain(second);
        assertThat(get("/api/petitions/" + second + "/held", ofOne).status()).isEqualTo(404);

        String erased = call(
                        "POST",
                        "/api/signatures/erase-person",
                        Map.of("email", "mane@reach.example", "reason", "asked by letter"),
                        ofAll)
                .body();
        assertThat(erased).contains(own.petition(), second).doesNotContain(foreign.petition());
        JsonNode left =
                call("POST", "/api/signatures/search", mane, as(ORGANISER)).json();
        left.get("signatures")
                .forEach(one -> assertThat(one.get("erased").asBoolean())
                        .isEqualTo(!one.get("petition").asString().equals(foreign.petition())));
        assertThat(left.get("signatures")).hasSize(3);
    }

    @Test
    void a_case_and_ids_of_another_petition_are_out_of_reach_behind_an_own_path() {
        Place own = place();
        Place foreign = place();
        String[] moderator = member(own.organisation(), List.of(MODERATOR), "");
        for (String step : List.of("cancel", "undo")) {
            assertThat(form(
                                    "/organise/petitions/" + own.petition() + "/cases/" + foreign.invalidationCase()
                                            + "/" + step,
                                    Map.of(),
                                    moderator)
                            .status())
                    .isEqualTo(404);
        }
        for (String step : List.of("erase", "invalidate", "reinstate")) {
            assertThat(form(
                                    "/organise/petitions/" + own.petition() + "/signers/" + foreign.signature() + "/"
                                            + step,
                                    Map.of("reason", "a test"),
                                    moderator)
                            .status())
                    .isEqualTo(404);
        }
        Map<String, Object> ofForeign = Map.of("criteria", Map.of("ids", List.of(foreign.signature())));
        String cases = "/api/petitions/" + own.petition() + "/cases/preview";
        assertThat(call("POST", cases, ofForeign, moderator)
                        .json()
                        .get("matches")
                        .asLong())
                .isZero();
        assertThat(call(
                                "POST",
                                "/api/petitions/" + own.petition() + "/signatures/search",
                                Map.of("id", foreign.signature()),
                                moderator)
                        .json()
                        .get("signatures"))
                .isEmpty();
        String[] auditor = member(own.organisation(), List.of("auditor"), "");
        assertThat(get("/api/audit/replay", auditor).status()).isEqualTo(422);
        assertThat(get("/api/audit/replay?petition=" + own.petition() + "&petition=" + foreign.petition(), auditor)
                        .status())
                .isEqualTo(422);
        assertThat(get("/audit/signatures?id=" + foreign.signature(), auditor).status())
                .isEqualTo(404);
        assertThat(get("/audit/signatures?id=" + own.signature(), auditor).status())
                .isEqualTo(200);
        assertThat(get("/audit", auditor).body()).contains(own.petition()).doesNotContain(foreign.petition());
    }

    @Test
    void other_spellings_of_a_path_open_nothing() {
        Place own = place();
        Place foreign = place();
        String[] exporter = member(own.organisation(), List.of("exporter"), "");
        String encoded = "%" + Integer.toHexString(foreign.petition().charAt(0))
                + foreign.petition().substring(1);
        for (String path : List.of(
                "/api/petitions/" + encoded + "/signatures.csv",
                "/api/petitions/" + foreign.petition() + "/signatures.csv/",
                "/api/petitions/" + foreign.petition() + "/signatures.csv?petition=" + own.petition(),
                "/api/petitions/" + foreign.petition().toUpperCase(java.util.Locale.ROOT) + "/signatures.csv")) {
            assertThat(get(path, exporter).status()).as(path).isEqualTo(404);
        }
        for (String path : List.of(
                "/api/petitions/" + foreign.petition() + ";a=b/signatures.csv",
                "/api/petitions/" + own.petition() + "/../" + foreign.petition() + "/signatures.csv")) {
            int status = new RawHttp(port, "127.0.0.1").send("GET", path, List.of("Authorization: " + exporter[1]));
            assertThat(status).as(path).isIn(400, 404);
        }
        String authorization = "Authorization: " + exporter[1];
        for (String method : List.of("OPTIONS", "TRACE", "PATCH")) {
            String path = "/signatures.csv";
            assertThat(new RawHttp(port, "127.0.0.1")
                            .send(method, "/api/petitions/" + foreign.petition() + path, List.of(authorization)))
                    .as(method)
                    .isEqualTo(new RawHttp(port, "127.0.0.1")
                            .send(method, "/api/petitions/no-such-petition" + path, List.of(authorization)));
        }
        assertThat(get("/api/petitions/" + own.petition() + "/signatures.csv", exporter)
                        .status())
                .isEqualTo(200);
        assertThat(get("/api/petitions/" + own.petition() + "/signatures.csv?ids=true", exporter)
                        .body())
                .contains(own.signature());
    }

    @Test
    void an_auditor_reads_the_access_log_of_their_petitions_only() {
        Place own = place();
        Place foreign = place();
        for (Place place : List.of(own, foreign)) {
            get("/api/petitions/" + place.petition() + "/signatures.csv", as(ORGANISER));
            get("/api/signatures/" + place.signature() + "/history", as(AUDITOR));
            call("POST", "/api/cases/" + place.invalidationCase() + "/undo", Map.of(), as(ORGANISER));
        }
        String[] auditor = member(own.organisation(), List.of("auditor"), "");
        String entries = get("/api/access-log?from=" + Instant.now().minus(Duration.ofHours(1)), auditor)
                .body();
        assertThat(entries).contains(own.petition(), own.signature(), own.invalidationCase());
        assertThat(entries)
                .doesNotContain(foreign.petition(), foreign.signature(), foreign.invalidationCase(), "\"login\"");
        assertThat(get("/api/access-log", as(AUDITOR)).body()).contains(foreign.petition());
    }

    @Test
    void the_access_log_names_token_and_refusals() {
        Place own = place();
        String[] editor = member(own.organisation(), List.of("editor"), "");
        get("/api/petitions/" + own.petition() + "/alerts", editor);
        get("/api/petitions/" + own.petition() + "/held", editor);
        String id = editor[1].substring("Bearer cs_".length(), "Bearer cs_".length() + 36);
        assertThat(database.sql("select action || ' ' || object from access_log where user_name = ? order by id")
                        .param("token " + id)
                        .query(String.class)
                        .list())
                .containsExactly(
                        "read alert recipients " + own.petition(), "refused GET /api/petitions/{petition}/held");
    }

    @Test
    void a_token_of_an_operator_manages_people_but_makes_no_tokens() {
        Place own = place();
        Place foreign = place();
        String[] operator = member(own.organisation(), List.of("operator"), "");
        String people = "/api/organisations/" + own.organisation() + "/people";
        assertThat(get(people, operator).status()).isEqualTo(200);
        assertThat(call("POST", "/api/organisations/" + own.organisation() + "/tokens", Map.of(), operator)
                        .status())
                .isEqualTo(403);
        assertThat(get("/api/organisations", operator).status()).isEqualTo(403);
        String other = person(foreign.organisation(), List.of("editor"), "");
        assertThat(call("DELETE", people + "/" + other, Map.of(), operator).status())
                .isEqualTo(404);
        assertThat(get("/api/petitions/" + own.petition() + "/signatures.csv", operator)
                        .status())
                .isEqualTo(403);
    }
}
