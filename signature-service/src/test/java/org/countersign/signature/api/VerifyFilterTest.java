package org.countersign.signature.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The filter and the controller answer a confirmation alike. The filter leaves a path with an escaped letter to the
 * controller.
 */
class VerifyFilterTest extends RunningService {

    private static final String FAST = "/api/signatures/verify";
    private static final String SLOW = "/api/signatures/verif%79";

    private HttpProbe.Response bothWays(String body, String... headers) {
        HttpProbe.Response slow = post(SLOW, body, headers);
        HttpProbe.Response fast = post(FAST, body, headers);
        assertThat(fast.status()).isEqualTo(slow.status());
        assertThat(fast.body()).isEqualTo(slow.body().replace(SLOW, FAST));
        assertThat(visible(fast)).isEqualTo(visible(slow));
        return fast;
    }

    private static Map<String, List<String>> visible(HttpProbe.Response response) {
        Map<String, List<String>> headers = new HashMap<>(response.headers().map());
        // An error names the path, which is longer by the two characters of the escape.
        headers.keySet().removeAll(List.of("date", "trace-id", "content-length", "transfer-encoding"));
        return headers;
    }

    private static String body(String token) {
        return JSON.writeValueAsString(Map.of("token", token));
    }

    private String confirmToken(String petition) {
        sign(petition, "sona@example.org");
        return mailData(onlySignature(petition), 1).confirmToken();
    }

    private List<String> events(String petition) {
        return get("/api/petitions/" + petition + "/history", as(AUDITOR))
                .body()
                .lines()
                .map(line -> JSON.readTree(line).get("type").asString())
                .toList();
    }

    @Test
    void a_confirmation_is_answered_alike_and_recorded_once() {
        String petition = publishedPetition();
        String token = confirmToken(petition);
        assertThat(bothWays(body(token)).json().get("status").asString()).isEqualTo("verified");
        assertThat(events(petition).stream().filter("SignatureVerified"::equals))
                .hasSize(1);
    }

    @Test
    void a_confirmation_after_withdrawal_is_rejected_alike() {
        String petition = publishedPetition();
        String token = confirmToken(petition);
        withToken("withdraw", mailData(onlySignature(petition), 1).withdrawToken());
        assertThat(bothWays(body(token)).status()).isEqualTo(409);
        assertThat(events(petition)).doesNotContain("SignatureVerified");
    }

    @Test
    void a_token_of_another_purpose_is_rejected_alike() {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        String token = mailData(onlySignature(petition), 1).withdrawToken();
        assertThat(bothWays(body(token)).status()).isEqualTo(422);
        assertThat(events(petition)).doesNotContain("SignatureVerified");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "null", "[]", "{}", "{\"token\":null}", "{\"token\":7}", "{\"token\":\"x\"} {}"})
    void a_malformed_body_is_answered_alike(String body) {
        assertThat(bothWays(body).status()).isIn(400, 422);
    }

    @Test
    void a_request_of_another_site_is_answered_alike() {
        assertThat(bothWays(body("x"), "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
    }

    @Test
    void another_method_is_answered_alike() {
        assertThat(get(FAST).status()).isEqualTo(get(SLOW).status()).isEqualTo(405);
    }
}
