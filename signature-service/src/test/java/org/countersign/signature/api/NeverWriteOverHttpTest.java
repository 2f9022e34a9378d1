package org.countersign.signature.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A recipient stops all mails of all petitions, and allows them again. */
class NeverWriteOverHttpTest extends RunningService {

    private String address;
    private String signature;

    @BeforeEach
    void somebodySigns() {
        address = "Sona+" + UUID.randomUUID() + "@peace-" + UUID.randomUUID() + ".example";
        String petition = publishedPetition();
        sign(petition, address);
        signature = onlySignature(petition);
    }

    private String link() {
        return path(mailData(signature, 1).get("links").get("neverWrite").asString());
    }

    private static String path(String link) {
        return link.replaceFirst("https?://[^/]+", "");
    }

    private boolean isSuppressed() {
        return mailData(signature, 1).get("recipient").get("suppressed").asBoolean();
    }

    private long suppressions() {
        return database.sql("select count(*) from suppressed_recipient")
                .query(Long.class)
                .single();
    }

    /** Opens the page of a link and presses its button. */
    private HttpProbe.Response press(String path) {
        HttpProbe.Response page = get(path);
        Element form = Jsoup.parse(page.body()).selectFirst("form");
        Map<String, String> fields = form.select("input[type=hidden]").stream()
                .collect(Collectors.toMap(hidden -> hidden.attr("name"), hidden -> hidden.attr("value")));
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(uri(form.attr("action")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Cookie",
                        page.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0])
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void opening_the_link_changes_nothing_and_the_button_stops_all_mails() {
        long before = suppressions();
        Document page = Jsoup.parse(get(link()).body());
        assertThat(page.select("h1").text()).isEqualTo("Never write to me again");
        send(HttpRequest.newBuilder(uri(link())).method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(suppressions()).as("after GET and HEAD").isEqualTo(before);
        assertThat(isSuppressed()).isFalse();

        HttpProbe.Response done = press(link());
        assertThat(done.status()).isEqualTo(200);
        assertThat(Jsoup.parse(done.body()).select("h1").text()).isEqualTo("You get no more mail from us");
        assertThat(isSuppressed()).isTrue();
        assertThat(press(link()).status()).as("again").isEqualTo(200);
        assertThat(suppressions()).isEqualTo(before + 1);
    }

    @Test
    void it_holds_for_all_petitions_and_all_spellings_of_the_mailbox() {
        press(link());
        String other = publishedPetition();
        assertThat(sign(other, address.replaceFirst("\\+[^@]*", "").toUpperCase(java.util.Locale.ROOT)))
                .as("answered like any other")
                .satisfies(response -> {
                    assertThat(response.status()).isEqualTo(202);
                    assertThat(response.body()).isEqualTo("{\"status\":\"pending\"}");
                });
        assertThat(mailData(onlySignature(other), 1)
                        .get("recipient")
                        .get("suppressed")
                        .asBoolean())
                .isTrue();
        String stranger = publishedPetition();
        sign(stranger, "stranger@" + UUID.randomUUID() + ".example");
        assertThat(mailData(onlySignature(stranger), 1)
                        .get("recipient")
                        .get("suppressed")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void the_page_after_it_offers_to_undo() {
        Document done = Jsoup.parse(press(link()).body());
        String undo = done.select("main a[href^=/write-again]").attr("href");
        assertThat(Jsoup.parse(get(undo).body()).select("h1").text()).isEqualTo("Allow mail again");
        assertThat(isSuppressed()).as("after opening the link").isTrue();
        HttpProbe.Response allowed = press(undo);
        assertThat(Jsoup.parse(allowed.body()).select("h1").text()).isEqualTo("You get mail again");
        assertThat(isSuppressed()).isFalse();
        assertThat(press(undo).status()).as("again").isEqualTo(200);
        press(link());
        assertThat(isSuppressed()).as("the first link works again").isTrue();
    }

    @Test
    void a_token_for_another_purpose_is_refused() {
        long before = suppressions();
        TestMail mail = mailData(signature, 1);
        String never = link().replaceFirst(".*token=", "");
        for (String wrong : List.of("", "x", mail.withdrawToken(), mail.unsubscribeToken(), mail.myDataToken())) {
            assertThat(press("/never-write?token=" + wrong).status()).as(wrong).isEqualTo(422);
        }
        assertThat(press("/write-again?token=" + never).status()).isEqualTo(422);
        assertThat(press("/withdraw?token=" + never).status()).isEqualTo(422);
        assertThat(suppressions()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/never-write", "/write-again"})
    void a_form_of_another_site_is_refused(String path) {
        HttpProbe.Response refused = send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("token=" + link().replaceFirst(".*token=", ""))));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(isSuppressed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "de,Schreiben Sie mir nie wieder",
        "fr,Ne m’écrivez plus jamais",
        "ar,لا تراسلوني أبدًا بعد الآن",
        "hy,Այլևս երբեք ինձ մի՛ գրեք"
    })
    void the_page_speaks_the_language_of_the_reader(String language, String heading) {
        assertThat(Jsoup.parse(get(link(), "Accept-Language", language).body())
                        .select("h1")
                        .text())
                .isEqualTo(heading);
    }

    @Test
    void the_signer_sees_it_among_the_stored_data_and_it_survives_an_erasure() {
        String token = mailData(signature, 1).myDataToken();
        JsonNode before = get("/api/signatures/mine?token=" + token).json().get("mails");
        assertThat(before.get("stopped").asBoolean()).isFalse();
        assertThat(path(before.get("link").asString())).isEqualTo(link());
        assertThat(get("/my-data?token=" + token).body()).contains("Never write to me again, about any petition");

        press(link());
        JsonNode after = get("/api/signatures/mine?token=" + token).json().get("mails");
        assertThat(after.get("stopped").asBoolean()).isTrue();
        assertThat(path(after.get("link").asString())).startsWith("/write-again?token=");
        assertThat(get("/my-data?token=" + token).body()).contains("You asked us never to write to you again.");

        long count = suppressions();
        withToken("erase", token);
        assertThat(suppressions()).isEqualTo(count);
        assertThat(get("/api/signatures/mine?token=" + token)
                        .json()
                        .get("mails")
                        .isNull())
                .isTrue();
        String next = publishedPetition();
        sign(next, address);
        assertThat(mailData(onlySignature(next), 1)
                        .get("recipient")
                        .get("suppressed")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void the_database_holds_no_address_and_no_pseudonym_of_the_signature() {
        press(link());
        String rows = database.sql("select string_agg(s::text, ' ') from suppressed_recipient s")
                .query(String.class)
                .single();
        assertThat(rows).doesNotContain("peace", "Sona", signature);
    }
}
