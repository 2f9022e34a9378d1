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
    void readHead() {
        petition = publishedPetition();
        headBefore = head();
    }

    /** No invalid request stores an event. */
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

    static Stream<Arguments> invalidFields() {
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
    @MethodSource("invalidFields")
    void an_invalid_field_is_named(String field, String value) {
        HttpProbe.Response response = sign(Map.of(field, value));
        assertThat(response.status()).isEqualTo(422);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(fields(response)).containsExactly(field);
        assertThat(response.json().get("errors").get(0).get("message").asString())
                .isNotBlank()
                .doesNotContain("shop");
    }

    @Test
    void all_invalid_fields_are_named_together() {
        assertThat(fields(sign(Map.of("name", "", "email", "no", "country", "ZZ"))))
                .containsExactly("name", "email", "country");
    }

    private static List<String> fields(HttpProbe.Response response) {
        List<String> fields = new ArrayList<>();
        StreamSupport.stream(response.json().get("errors").spliterator(), false)
                .forEach(error -> fields.add(error.get("field").asString()));
        return fields;
    }

    @Test
    void a_value_of_the_wrong_type_is_named() {
        HttpProbe.Response response = post(
                "/api/petitions/" + petition + "/signatures",
                "{\"name\":\"Sona\",\"email\":\"sona@example.org\",\"country\":\"AM\",\"public\":{}}");
        assertThat(response.status()).isEqualTo(422);
        assertThat(fields(response)).containsExactly("public");
    }

    @Test
    void an_unknown_petition_or_signature_is_not_found() {
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
    void a_body_that_is_not_json_is_malformed() {
        for (String body : List.of("", "nonsense", "{\"name\":", "[1,2", "{\"name\":\"\\ud800\"")) {
            assertThat(post("/api/petitions/" + petition + "/signatures", body).status())
                    .as(body)
                    .isEqualTo(400);
            assertThat(post("/api/signatures/verify", body).status()).as(body).isEqualTo(400);
        }
    }

    @Test
    void another_content_type_is_not_supported() {
        HttpProbe.Response response = send(HttpRequest.newBuilder(uri("/api/petitions/" + petition + "/signatures"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(form("Sona", "sona@example.org"))));
        assertThat(response.status()).isEqualTo(415);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void a_too_large_body_is_rejected_with_and_without_its_length() {
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
    void a_foreign_token_is_invalid() {
        for (String token : List.of("", "nonsense", "A".repeat(52), "A".repeat(5000))) {
            for (String action : List.of("verify", "withdraw")) {
                HttpProbe.Response response = withToken(action, token);
                assertThat(response.status()).isEqualTo(422);
                assertThat(fields(response)).containsExactly("token");
            }
        }
        assertThat(post("/api/signatures/verify", "{}").status()).isEqualTo(422);
    }

    @Test
    void all_missing_fields_of_a_petition_are_named() {
        HttpProbe.Response response = post("/api/petitions", "{}", as(ORGANISER));
        assertThat(response.status()).isEqualTo(422);
        assertThat(fields(response))
                .contains("title", "statement", "recipients", "goal", "organiser.name", "organiser.email");
    }

    @Test
    void a_petition_with_a_taken_slug_is_a_conflict() {
        HttpProbe.Response response = post("/api/petitions", petition(petition), as(ORGANISER));
        assertThat(response.status()).isEqualTo(409);
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
    }

    @Test
    void cross_site_requests_with_stored_credentials_are_rejected() {
        String[] organiser = as(ORGANISER);
        HttpProbe.Response response = send(HttpRequest.newBuilder(uri("/api/petitions/" + petition + "/close"))
                .headers(organiser)
                .header("Sec-Fetch-Site", "cross-site")
                .POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(response.status()).isEqualTo(403);
    }
}
