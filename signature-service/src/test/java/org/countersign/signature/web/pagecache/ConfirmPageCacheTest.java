package org.countersign.signature.web.pagecache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Thousands of signers open their links in the same minute. The cache leaves a path with an escaped letter to the
 * controller, so that each request can be sent both ways.
 */
class ConfirmPageCacheTest extends RunningService {

    private static final String FAST = "/confirm";
    private static final String SLOW = "/confir%6d";

    private String signed(String petition, Map<String, Object> form) {
        assertThat(post("/api/petitions/" + petition + "/signatures", JSON.writeValueAsString(form))
                        .status())
                .isEqualTo(202);
        return mailData(newestSignature(petition), 1).confirmToken();
    }

    private static Map<String, Object> form(String name, String country, String comment) {
        return Map.of(
                "name", name, "email", "sona@example.org", "country", country, "comment", comment, "updates", true);
    }

    /** What a client can see of a response. The CSRF token, its cookie, the path and the time are left out. */
    private record Response(int status, Map<String, List<String>> headers, String page) {}

    private Response read(String path, String token, String... headers) throws IOException {
        HttpResponse<byte[]> answer = bytes(path + "?token=" + token, headers);
        Map<String, List<String>> visible = new HashMap<>(answer.headers().map());
        visible.keySet().removeAll(List.of("date", "trace-id", "content-length", "set-cookie", "transfer-encoding"));
        // Tomcat writes the name in lower case if it compresses the page.
        visible.computeIfPresent("vary", (name, values) -> List.of(values.get(0).toLowerCase(Locale.ROOT)));
        assertThat(answer.headers().firstValue("set-cookie").orElseThrow()).contains("HttpOnly", "SameSite");
        byte[] body = answer.headers().firstValue("content-encoding").isPresent()
                ? new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes()
                : answer.body();
        String page = new String(body, StandardCharsets.UTF_8).replace(SLOW, FAST);
        String csrf = Jsoup.parse(page).select("input[name=_csrf]").attr("value");
        assertThat(csrf).isNotEmpty();
        return new Response(answer.statusCode(), visible, page.replace(csrf, "…"));
    }

    @ParameterizedTest
    @CsvSource({"en, identity", "de-AT, gzip", "ar, gzip", "fr, identity"})
    void a_cached_page_equals_the_rendered_one(String language, String encoding) throws IOException {
        String token = signed(publishedPetition(), form("Sona O'Hara", "AM", "<b>bold</b> & \"quoted\" – ünï"));
        String[] headers = {"Accept-Language", language, "Accept-Encoding", encoding};
        Response rendered = read(SLOW, token, headers);
        assertThat(read(FAST, token, headers)).as("the first").isEqualTo(rendered);
        assertThat(read(FAST, token, headers)).as("from the cache").isEqualTo(rendered);
        assertThat(rendered.status()).isEqualTo(200);
        assertThat(rendered.headers().get("cache-control")).containsExactly("no-store");
    }

    @Test
    void each_signer_sees_their_own_form_and_link_only() throws IOException {
        String petition = publishedPetition();
        String first = signed(petition, form("First Signer", "AM", "the first comment"));
        String second = signed(
                petition,
                Map.of("name", "Second Signer", "email", "second@example.org", "country", "AM", "updates", true));
        for (int i = 0; i < 2; i++) {
            String ofFirst = read(FAST, first).page();
            assertThat(ofFirst)
                    .contains("First Signer", "the first comment", first)
                    .doesNotContain(second, "Second");
            String ofSecond = read(FAST, second).page();
            assertThat(ofSecond).contains("Second Signer", second).doesNotContain(first, "First", "the first comment");
        }
    }

    @Test
    void the_choices_of_the_signer_are_selected() throws IOException {
        String petition = publishedPetition();
        signed(petition, form("First", "AM", "one"));
        String token =
                signed(petition, Map.of("name", "Other", "email", "o@example.org", "country", "DE", "public", true));
        for (int i = 0; i < 2; i++) {
            Document page = Jsoup.parse(read(FAST, token).page());
            assertThat(page.select("option[selected]").attr("value")).isEqualTo("DE");
            assertThat(page.select("input[name=public]").hasAttr("checked")).isTrue();
            assertThat(page.select("input[name=updates]").hasAttr("checked")).isFalse();
        }
    }

    @Test
    void the_form_of_a_cached_page_confirms() throws IOException {
        String petition = publishedPetition();
        read(FAST, signed(petition, form("First", "AM", "one")));
        String token = signed(petition, Map.of("name", "Other", "email", "o@example.org", "country", "AM"));
        HttpResponse<byte[]> answer = bytes(FAST + "?token=" + token);
        Document page = Jsoup.parse(new String(answer.body(), StandardCharsets.UTF_8));
        String cookie = answer.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
        String body = "_csrf=" + page.select("input[name=_csrf]").attr("value") + "&token="
                + page.select("input[name=token]").attr("value") + "&name=Other+Name&country=AM";
        HttpProbe.Response confirmed = send(HttpRequest.newBuilder(uri("/confirm"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", cookie)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(confirmed.status()).isEqualTo(302);
        assertThat(confirmed.headers().firstValue("location").orElseThrow()).endsWith("/confirmed");
        assertThat(get(FAST + "?token=" + token).body()).doesNotContain("Other Name");
    }

    @Test
    void a_link_that_is_not_valid_has_the_button_alone() {
        for (String token : List.of("", "nonsense", "%00", URLEncoder.encode("<script>", StandardCharsets.UTF_8))) {
            HttpProbe.Response answer = get(FAST + "?token=" + token);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).doesNotContain("name=\"country\"", "<script>");
        }
    }
}
