package org.countersign.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadInputTest extends RunningService {

    private String petition;
    private long headBefore;

    @BeforeEach
    void rememberTheLog() {
        petition = publishedPetition();
        headBefore = head();
    }

    /** Whatever was wrong, nothing was stored. */
    @AfterEach
    void nothingWasStored() {
        assertThat(head()).isEqualTo(headBefore);
    }

    private long head() {
        return database.sql("select last_index from log_head").query(Long.class).single();
    }

    private HttpProbe.Response sign(Map<String, Object> changes) {
        Map<String, Object> form =
                new java.util.HashMap<>(Map.of("name", "Sona", "email", "sona@example.org", "country", "AM"));
        changes.forEach((field, value) -> {
            if (value.equals("absent")) {
                form.remove(field);
            } else {
                form.put(field, value);
            }
        });
        return post("/api/petitions/" + petition + "/signatures", JSON.writeValueAsString(form));
    }

    static Stream<Arguments> badFields() {
        return Stream.of(
                Arguments.of("name", "absent"),
                Arguments.of("name", ""),
                Arguments.of("name", "   "),
                Arguments.of("name", "x".repeat(121)),
                Arguments.of("name", "Sona\nBcc: all@example.org"),
                Arguments.of("name", "So\u0000na"),
                Arguments.of("name", "Sona \u202eanoS"),
                Arguments.of("name", "buy at https://shop.example"),
                Arguments.of("name", "www.shop.example"),
                Arguments.of("name", "shop.com"),
                Arguments.of("email", "absent"),
                Arguments.of("email", "sona"),
                Arguments.of("email", "sona@localhost"),
                Arguments.of("country", "absent"),
                Arguments.of("country", "XX"),
                Arguments.of("country", "am"),
                Arguments.of("country", "Armenia"),
                Arguments.of("comment", "x".repeat(1001)),
                Arguments.of("comment", "bell\u0007"));
    }

    @ParameterizedTest
    @MethodSource("badFields")
    void a_field_that_is_not_what_it_must_be_is_named(String field, String value) {
        HttpProbe.Response answer = sign(Map.of(field, value));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(fields(answer)).containsExactly(field);
        assertThat(answer.json().get("errors").get(0).get("message").asString())
                .isNotBlank()
                .doesNotContain("shop");
    }

    @Test
    void all_bad_fields_are_named_at_once() {
        assertThat(fields(sign(Map.of("name", "", "email", "no", "country", "ZZ"))))
                .containsExactly("name", "email", "country");
    }

    private static List<String> fields(HttpProbe.Response answer) {
        List<String> fields = new ArrayList<>();
        StreamSupport.stream(answer.json().get("errors").spliterator(), false)
                .forEach(error -> fields.add(error.get("field").asString()));
        return fields;
    }

    @Test
    void a_value_of_the_wrong_kind_is_named() {
        HttpProbe.Response answer = post(
                "/api/petitions/" + petition + "/signatures",
                "{\"name\":\"Sona\",\"email\":\"sona@example.org\",\"country\":\"AM\",\"public\":{}}");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(fields(answer)).containsExactly("public");
    }

    @Test
    void an_unknown_petition_is_not_found() {
        assertThat(post("/api/petitions/no-such/signatures", form("Sona", "sona@example.org"))
                        .status())
                .isEqualTo(404);
        assertThat(post("/api/petitions/No%20Slug!/signatures", form("Sona", "sona@example.org"))
                        .status())
                .isEqualTo(404);
        assertThat(get("/api/petitions/no-such").status()).isEqualTo(404);
        assertThat(get("/api/petitions/no-such/history", as(AUDITOR)).status()).isEqualTo(404);
        assertThat(get("/api/signatures/5f0c3f0e-2a7b-8c1d-9e4f-0123456789ab/history", as(AUDITOR))
                        .status())
                .isEqualTo(404);
        assertThat(post(
                                "/api/signatures/5f0c3f0e-2a7b-8c1d-9e4f-0123456789ab/invalidate",
                                "{\"reason\":\"x\"}",
                                as(ORGANISER))
                        .status())
                .isEqualTo(404);
        assertThat(post("/api/signatures/nonsense/invalidate", "{\"reason\":\"x\"}", as(ORGANISER))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_body_that_is_no_json_is_malformed() {
        for (String body : List.of("", "nonsense", "{\"name\":", "[1,2", "{\"name\":\"\\ud800\"")) {
            assertThat(post("/api/petitions/" + petition + "/signatures", body).status())
                    .as(body)
                    .isEqualTo(400);
            assertThat(post("/api/signatures/verify", body).status()).as(body).isEqualTo(400);
        }
    }

    @Test
    void a_body_of_another_type_is_not_supported() {
        HttpProbe.Response answer = send(HttpRequest.newBuilder(uri("/api/petitions/" + petition + "/signatures"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(form("Sona", "sona@example.org"))));
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void a_body_that_is_too_large_is_refused_whether_or_not_it_says_so() {
        String large = "{\"name\":\"" + "x".repeat(17_000) + "\"}";
        String path = "/api/petitions/" + petition + "/signatures";
        assertThat(post(path, large).status()).isEqualTo(413);
        assertThat(send(HttpRequest.newBuilder(uri(path))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(
                                        () -> new java.io.ByteArrayInputStream(large.getBytes()))))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void a_token_that_is_not_ours_is_invalid() {
        for (String token : List.of("", "nonsense", "A".repeat(52), "A".repeat(5000))) {
            for (String what : List.of("verify", "withdraw")) {
                HttpProbe.Response answer = withToken(what, token);
                assertThat(answer.status()).isEqualTo(422);
                assertThat(fields(answer)).containsExactly("token");
            }
        }
        assertThat(post("/api/signatures/verify", "{}").status()).isEqualTo(422);
    }

    @Test
    void a_petition_that_lacks_everything_is_told_all_of_it() {
        HttpProbe.Response answer = post("/api/petitions", "{}", as(ORGANISER));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(fields(answer))
                .contains("title", "statement", "recipients", "goal", "organiser.name", "organiser.email");
    }

    @Test
    void a_petition_with_a_name_that_is_taken_is_a_conflict() {
        HttpProbe.Response answer = post("/api/petitions", petition(petition), as(ORGANISER));
        assertThat(answer.status()).isEqualTo(409);
    }

    @Test
    void only_the_organiser_publishes_and_only_the_auditor_reads_histories() {
        assertThat(post("/api/petitions", petition("x")).status()).isEqualTo(401);
        assertThat(post("/api/petitions", petition("x"), as(AUDITOR)).status()).isEqualTo(403);
        assertThat(post("/api/petitions", petition("x"), as("organiser:wrong")).status())
                .isEqualTo(401);
        assertThat(post("/api/petitions/" + petition + "/close", "", as(AUDITOR))
                        .status())
                .isEqualTo(403);
        assertThat(get("/api/petitions/" + petition + "/history").status()).isEqualTo(401);
        assertThat(get("/api/petitions/" + petition + "/history", as(ORGANISER)).status())
                .isEqualTo(403);
        assertThat(post("/internal/mail-data", "[]").status()).isIn(401, 403);
        assertThat(post("/internal/mail-data", "[]", "Authorization", "Bearer wrong")
                        .status())
                .isIn(401, 403);
        assertThat(post("/internal/mail-data", "[]", as(ORGANISER)).status()).isEqualTo(403);
    }

    @Test
    void another_site_can_not_use_a_browser_that_knows_the_credentials() {
        String[] organiser = as(ORGANISER);
        HttpProbe.Response answer = send(HttpRequest.newBuilder(uri("/api/petitions/" + petition + "/close"))
                .headers(organiser)
                .header("Sec-Fetch-Site", "cross-site")
                .POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.status()).isEqualTo(403);
    }
}
