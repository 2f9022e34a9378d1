package org.countersign.signature.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The filter and the controller answer a sign request alike. The filter leaves a path with an escaped letter to the
 * controller, so that each request can be sent both ways.
 */
class SignFilterTest extends RunningService {

    private static final String FAST = "/signatures";
    private static final String SLOW = "/signature%73";
    private static final String JSON_TYPE = "application/json";
    private static final String TRACE = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";

    private final HttpClient http11 =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What a client can see of a response. The name of the path and the time are left out. */
    private record Response(int status, Map<String, List<String>> headers, String body) {}

    private Response send(String petition, String path, String contentType, HttpRequest.BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri("/api/petitions/" + petition + path))
                .header("Content-Type", contentType)
                .header("traceparent", TRACE)
                .POST(body);
        HttpResponse<String> answer;
        try {
            answer = http11.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        Map<String, List<String>> headers = new HashMap<>(answer.headers().map());
        headers.remove("date");
        // An error names the path, which is longer by the two characters of the escape.
        if (answer.body().contains(SLOW)) {
            headers.computeIfPresent(
                    "content-length", (name, values) -> List.of(Integer.toString(Integer.parseInt(values.get(0)) - 2)));
        }
        return new Response(answer.statusCode(), headers, answer.body().replace(SLOW, FAST));
    }

    /** Sends a request through the filter and through the controller, and returns the response that both give. */
    private Response bothWays(String petition, String contentType, HttpRequest.BodyPublisher body) {
        Response slow = send(petition, SLOW, contentType, body);
        Response fast = send(petition, FAST, contentType, body);
        assertThat(fast).isEqualTo(slow);
        return fast;
    }

    private Response bothWays(String petition, String body) {
        return bothWays(petition, JSON_TYPE, HttpRequest.BodyPublishers.ofString(body));
    }

    private static String form() {
        return form("Sona Signer", "sona@example.org");
    }

    @Test
    void a_valid_form_is_answered_alike() {
        String petition = publishedPetition();
        HttpRequest.BodyPublisher slowForm = HttpRequest.BodyPublishers.ofString(form("Sona", "slow@example.org"));
        HttpRequest.BodyPublisher fastForm = HttpRequest.BodyPublishers.ofString(form("Sona", "fast@example.org"));
        Response slow = send(petition, SLOW, JSON_TYPE, slowForm);
        Response fast = send(petition, FAST, JSON_TYPE, fastForm);
        assertThat(fast).isEqualTo(slow);
        assertThat(fast.status()).isEqualTo(202);
        assertThat(fast.body()).isEqualTo("{\"status\":\"pending\"}");
        assertThat(fast.headers().get("cache-control").get(0)).contains("no-store");
        assertThat(fast.headers()).containsKeys("x-content-type-options", "trace-id");
    }

    @Test
    void a_duplicate_is_answered_alike() {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        assertThat(bothWays(petition, form()).status()).isEqualTo(202);
    }

    @Test
    void invalid_fields_are_answered_alike() {
        Response invalid = bothWays(publishedPetition(), form("", "nonsense"));
        assertThat(invalid.status()).isEqualTo(422);
        assertThat(JSON.readTree(invalid.body()).get("errors").size()).isEqualTo(2);
    }

    @Test
    void a_field_of_the_wrong_type_is_answered_alike() {
        Response wrong = bothWays(publishedPetition(), "{\"name\":{\"first\":\"Sona\"}}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body()).contains("\"field\":\"name\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "null", "[]", "\"text\"", "{\"name\":\"a\"} {}"})
    void malformed_json_is_answered_alike(String body) {
        Response malformed = bothWays(publishedPetition(), body);
        assertThat(malformed.status()).isIn(400, 422);
        assertThat(malformed.headers().get("content-type")).containsExactly("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/jsonp", "application/json-patch+json", "application/xml"})
    void a_wrong_content_type_is_answered_alike(String contentType) {
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(form());
        assertThat(bothWays(publishedPetition(), contentType, body).status()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json;charset=UTF-8", "Application/JSON", "application/json; charset=utf-8"})
    void a_content_type_with_a_character_set_is_answered_alike(String contentType) {
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(form());
        assertThat(bothWays(publishedPetition(), contentType, body).status()).isEqualTo(202);
    }

    @Test
    void a_body_that_is_too_large_is_answered_alike() {
        Response tooLarge = bothWays(publishedPetition(), form("x".repeat(20_000), "sona@example.org"));
        assertThat(tooLarge.status()).isEqualTo(413);
    }

    @Test
    void a_body_of_unknown_length_that_is_too_large_is_answered_alike() {
        byte[] body = form("x".repeat(20_000), "sona@example.org").getBytes();
        Response tooLarge =
                bothWays(publishedPetition(), JSON_TYPE, HttpRequest.BodyPublishers.ofByteArrays(List.of(body)));
        assertThat(tooLarge.status()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-petition", "Not%20A%20Slug", "-"})
    void an_unknown_petition_is_answered_alike(String petition) {
        assertThat(bothWays(petition, form()).status()).isEqualTo(404);
    }

    @Test
    void a_closed_petition_is_answered_alike() {
        String petition = publishedPetition();
        post("/api/petitions/" + petition + "/close", "", as(ORGANISER));
        assertThat(bothWays(petition, form()).status()).isEqualTo(409);
    }

    @Test
    void a_request_of_another_site_is_answered_alike() {
        String petition = publishedPetition();
        String[] headers = {"Sec-Fetch-Site", "cross-site"};
        HttpProbe.Response slow = post("/api/petitions/" + petition + SLOW, form(), headers);
        HttpProbe.Response fast = post("/api/petitions/" + petition + FAST, form(), headers);
        assertThat(fast.status()).isEqualTo(slow.status()).isEqualTo(403);
        assertThat(fast.body()).isEqualTo(slow.body());
    }
}
