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
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cached pages: many readers open a page in the same second. */
class PageCacheTest extends RunningService {

    private record Read(String page, String token, String formTime, String cookie) {

        String withoutToken() {
            return page.replace(token, "").replace(formTime, "");
        }
    }

    private Read read(String petition, String... headers) throws IOException {
        HttpResponse<byte[]> answer = bytes("/petitions/" + petition, headers);
        assertThat(answer.statusCode()).isEqualTo(200);
        String page = text(answer);
        return new Read(
                page,
                Jsoup.parse(page).select("input[name=_csrf]").attr("value"),
                Jsoup.parse(page).select("input[name=form]").attr("value"),
                answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0]);
    }

    private static String text(HttpResponse<byte[]> answer) throws IOException {
        boolean compressed = answer.headers()
                .firstValue("Content-Encoding")
                .filter("gzip"::equals)
                .isPresent();
        byte[] body = compressed
                ? new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes()
                : answer.body();
        return new String(body, StandardCharsets.UTF_8);
    }

    private HttpProbe.Response sign(String petition, String token, String cookie, String email) {
        String body =
                "_csrf=" + token + "&name=Sona&country=AM&email=" + URLEncoder.encode(email, StandardCharsets.UTF_8);
        return send(HttpRequest.newBuilder(uri("/petitions/" + petition))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", cookie)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void each_reader_gets_the_same_page_with_their_own_token() throws IOException {
        String petition = publishedPetition();
        Read first = read(petition);
        Read second = read(petition);
        assertThat(second.withoutToken()).isEqualTo(first.withoutToken());
        assertThat(second.token()).isNotEqualTo(first.token()).isNotEmpty();
        assertThat(second.cookie()).isNotEqualTo(first.cookie());
        assertThat(sign(petition, second.token(), second.cookie(), "second@example.org")
                        .status())
                .isEqualTo(302);
        assertThat(sign(petition, first.token(), first.cookie(), "first@example.org")
                        .status())
                .isEqualTo(302);
        assertThat(sign(petition, first.token(), second.cookie(), "stolen@example.org")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void a_browser_that_accepts_gzip_gets_the_same_page() throws IOException {
        String petition = publishedPetition();
        Read plain = read(petition);
        for (int i = 0; i < 3; i++) {
            Read compressed = read(petition, "Accept-Encoding", "gzip, deflate, br");
            assertThat(compressed.withoutToken()).isEqualTo(plain.withoutToken());
            assertThat(sign(petition, compressed.token(), compressed.cookie(), "compressed" + i + "@example.org")
                            .status())
                    .isEqualTo(302);
        }
        assertThat(read(petition, "Accept-Encoding", "gzip;q=0").withoutToken()).isEqualTo(plain.withoutToken());
    }

    @Test
    void each_reader_gets_the_page_in_their_language() throws IOException {
        String petition = publishedPetition();
        for (int i = 0; i < 2; i++) {
            assertThat(read(petition, "Accept-Language", "de-AT").page())
                    .contains("lang=\"de-AT\"", "Petition unterschreiben");
            assertThat(read(petition, "Accept-Language", "en").page()).contains("lang=\"en\"", "Sign this petition");
            assertThat(bytes("/petitions/" + petition, "Accept-Language", "de")
                            .headers()
                            .firstValue("Content-Language"))
                    .contains("de");
        }
    }

    @Test
    void a_closed_petition_is_shown_as_closed_immediately() throws IOException {
        String petition = publishedPetition();
        read(petition);
        post("/api/petitions/" + petition + "/close", "", as(ORGANISER));
        HttpProbe.Response closed = get("/petitions/" + petition);
        assertThat(closed.body())
                .contains("closed and takes no more signatures")
                .doesNotContain("id=\"sign\"");
        post("/api/petitions/" + petition + "/reopen", "", as(ORGANISER));
        assertThat(read(petition).page()).contains("id=\"sign\"");
    }

    @Test
    void a_page_without_a_form_is_the_same_for_all_and_sets_no_cookie() throws IOException {
        String page = "/petitions/" + publishedPetition() + "/withdrawn";
        HttpResponse<byte[]> first = bytes(page);
        HttpResponse<byte[]> second = bytes(page, "Accept-Encoding", "gzip");
        assertThat(second.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(second.body())).readAllBytes())
                .isEqualTo(first.body());
        assertThat(second.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void the_page_of_an_unknown_petition_is_not_found() {
        assertThat(get("/petitions/no-such-petition").status()).isEqualTo(404);
        assertThat(get("/petitions/Not%20A%20Name").status()).isEqualTo(404);
    }

    /** What a client can see of a response. The token, the cookie that guards it, and the times are left out. */
    private record Response(int status, Map<String, List<String>> headers, String page) {}

    private Response response(String path, String... headers) throws IOException {
        HttpResponse<byte[]> answer = bytes(path, headers);
        Map<String, List<String>> visible = new HashMap<>(answer.headers().map());
        visible.remove("date");
        visible.remove("trace-id");
        visible.computeIfPresent(
                "set-cookie",
                (name, cookies) -> cookies.stream()
                        .map(cookie -> cookie.replaceFirst("=[^;]*", "=…"))
                        .toList());
        String page = text(answer);
        for (Element readers : Jsoup.parse(page).select("input[name=_csrf], input[name=form]")) {
            page = page.replace(readers.attr("value"), "…");
        }
        return new Response(answer.statusCode(), visible, page);
    }

    @ParameterizedTest
    @CsvSource({
        "'', en, identity",
        "'', en, gzip",
        "'', ar, gzip",
        "/signed, en, identity",
        "/signed, de, gzip",
        "/withdrawn, en, identity",
        "/withdrawn, fr, gzip"
    })
    void a_cached_page_equals_the_rendered_one_in_status_headers_and_body(String page, String language, String encoding)
            throws IOException {
        String path = "/petitions/" + publishedPetition() + page;
        String[] headers = {"Accept-Language", language, "Accept-Encoding", encoding};
        Response rendered = response(path, headers);
        Response cached = response(path, headers);
        assertThat(cached).isEqualTo(rendered);
        assertThat(cached.status()).isEqualTo(200);
        assertThat(cached.headers().get("content-type")).containsExactly("text/html;charset=UTF-8");
        assertThat(cached.headers().get("content-language")).containsExactly(language);
    }

    @ParameterizedTest
    @CsvSource({
        "'', en, identity",
        "?q=bench, de, gzip",
        "?topic=health&sort=signed, fr, gzip",
        "?page=1&utm_source=news, ar, identity"
    })
    void a_cached_front_page_equals_the_rendered_one_in_status_headers_and_body(
            String query, String language, String encoding) throws IOException {
        publishedPetition();
        String[] headers = {"Accept-Language", language, "Accept-Encoding", encoding};
        Response rendered = response("/" + query, headers);
        Response cached = response("/" + query, headers);
        assertThat(cached).isEqualTo(rendered);
        assertThat(cached.status()).isEqualTo(200);
        assertThat(cached.headers()).doesNotContainKey("set-cookie");
        assertThat(cached.headers().get("content-language")).containsExactly(language);
        assertThat(cached.page()).doesNotContain("utm_source");
    }

    @Test
    void a_cached_list_shows_a_new_and_a_closed_petition_at_once() {
        get("/");
        get("/?q=bench");
        String petition = publishedPetition();
        for (String list : List.of("/", "/?q=bench&sort=newest")) {
            assertThat(get(list).body()).contains("/petitions/" + petition);
        }
        post("/api/petitions/" + petition + "/close", "", as(ORGANISER));
        Element listed = Jsoup.parse(get("/").body()).selectFirst("a[href=/petitions/" + petition + "]");
        assertThat(listed.select(".closed").text()).isEqualTo("Closed");
    }
}
