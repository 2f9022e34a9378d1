package org.countersign.signature.web.i18n;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** Pages in the language of their reader. */
class PageLanguageTest extends RunningService {

    private Document open(String path, String... headers) {
        return Jsoup.parse(get(path, headers).body());
    }

    @Test
    void a_page_is_in_the_first_supported_language_of_the_browser() {
        String page = "/petitions/" + publishedPetition();
        Map<String, String> buttons = Map.of(
                "de-AT,en;q=0.5",
                "Unterschreiben",
                "pt,fr;q=0.9,en;q=0.8",
                "Signer",
                "hy",
                "Ստորագրել",
                "ar-EG",
                "وقّع",
                "en-GB",
                "Sign",
                "tlh",
                "Sign",
                "*",
                "Sign",
                "not a language at all;;q=x",
                "Sign");
        buttons.forEach((asked, button) -> assertThat(open(page, "Accept-Language", asked)
                        .select("#sign button")
                        .text())
                .as(asked)
                .isEqualTo(button));
        assertThat(open(page).select("#sign button").text()).isEqualTo("Sign");
        Document german = open(page, "Accept-Language", "de-AT");
        assertThat(german.select("html").attr("lang")).isEqualTo("de-AT");
        assertThat(german.select("h1").attr("lang")).isEqualTo("en");
        assertThat(german.select("#country option[value=DE]").text()).isEqualTo("Deutschland");
        assertThat(german.select("html").attr("dir")).isEqualTo("ltr");
        assertThat(open(page, "Accept-Language", "ar").select("html").attr("dir"))
                .isEqualTo("rtl");
    }

    @Test
    void the_language_switch_keeps_the_page_and_is_remembered() {
        Document page = open("/confirm?token=abc", "Accept-Language", "de");
        assertThat(page.select("footer nav a").eachText())
                .containsExactly("English", "Deutsch", "Français", "Հայերեն", "العربية");
        assertThat(page.select("footer nav a[aria-current]").text()).isEqualTo("Deutsch");
        String french = page.select("footer nav a[lang=fr]").attr("href");
        assertThat(french).isEqualTo("/confirm?token=abc&lang=fr");

        HttpProbe.Response switched = get(french, "Accept-Language", "de");
        assertThat(Jsoup.parse(switched.body()).select("h1").text()).isEqualTo("Confirmez votre signature");
        assertThat(Jsoup.parse(switched.body()).select("footer nav a[lang=de]").attr("href"))
                .isEqualTo("/confirm?token=abc&lang=de");
        String cookie = switched.headers().allValues("Set-Cookie").stream()
                .filter(one -> one.startsWith("language="))
                .findAny()
                .orElseThrow();
        assertThat(cookie).startsWith("language=fr;").contains("HttpOnly", "SameSite=Lax", "Path=/");
        assertThat(open("/", "Accept-Language", "de", "Cookie", "language=fr")
                        .select("h1")
                        .text())
                .isEqualTo("Pétitions");
    }

    @Test
    void an_unsupported_language_is_ignored() {
        for (String nonsense : List.of("tlh", "x\"><script>", "")) {
            HttpProbe.Response answer = get(
                    "/?lang=" + java.net.URLEncoder.encode(nonsense, java.nio.charset.StandardCharsets.UTF_8),
                    "Accept-Language",
                    "fr");
            assertThat(answer.headers().allValues("Set-Cookie"))
                    .as(nonsense)
                    .noneMatch(one -> one.startsWith("language="));
            assertThat(Jsoup.parse(answer.body()).select("h1").text())
                    .as(nonsense)
                    .isEqualTo("Pétitions");
            assertThat(Jsoup.parse(answer.body()).select("footer nav a").eachAttr("href"))
                    .as(nonsense)
                    .allMatch(address -> address.matches("/\\?lang=[a-z]{2}"));
        }
    }

    @Test
    void errors_are_in_the_language_of_the_reader() {
        assertThat(open("/petitions/no-such", "Accept-Language", "de")
                        .select("main")
                        .text())
                .contains("Nicht gefunden", "Es gibt keine Petition mit diesem Namen.");
        Document nowhere = open("/no/such/page", "Accept", "text/html", "Accept-Language", "hy");
        assertThat(nowhere.select("h1").text()).isEqualTo("Այսպիսի էջ չկա");
        assertThat(nowhere.select("footer nav a[lang=en]").attr("href")).isEqualTo("/?lang=en");
        assertThat(open("/my-data?token=x", "Accept-Language", "fr")
                        .select("h1")
                        .text())
                .isEqualTo("Ce lien n’est pas complet");
    }

    @Test
    void audit_pages_are_in_english() {
        Document overview = Jsoup.parse(get("/audit", "Accept-Language", "de", "Authorization", as(AUDITOR)[1])
                .body());
        assertThat(overview.select("html").attr("lang")).isEqualTo("en");
        assertThat(overview.select("footer").text()).startsWith("Every signature");
        assertThat(overview.select("nav")).isEmpty();
    }

    @Test
    void mails_are_in_the_language_of_the_signer() {
        String petition = publishedPetition();
        post(
                "/api/petitions/" + petition + "/signatures",
                form("Sona Signer", "german@example.org"),
                "Accept-Language",
                "de-AT,en;q=0.3");
        assertThat(mailData(onlySignature(petition), 1).get("language").asString())
                .isEqualTo("de-AT");

        String chosen = publishedPetition();
        post(
                "/api/petitions/" + chosen + "/signatures",
                form("Sona Signer", "armenian@example.org").replace("{", "{\"language\":\"hy\","),
                "Accept-Language",
                "de");
        assertThat(mailData(onlySignature(chosen), 1).get("language").asString())
                .isEqualTo("hy");

        HttpProbe.Response wrong = post(
                "/api/petitions/" + chosen + "/signatures",
                form("Sona Signer", "other@example.org").replace("{", "{\"language\":\"no tag\","));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body()).contains("\"field\":\"language\"", "such as en or hy");

        String silent = publishedPetition();
        sign(silent, "silent@example.org");
        assertThat(mailData(onlySignature(silent), 1).get("language")).isNull();
    }

    @Test
    void numbers_and_times_are_formatted_for_the_reader() {
        PageReader german = new PageReader(Locale.GERMANY, List.of());
        assertThat(german.number(1_234_567)).isEqualTo("1.234.567");
        assertThat(german.date(Instant.parse("2030-05-01T12:00:00Z"))).isEqualTo("1. Mai 2030");
        assertThat(german.country("AM")).isEqualTo("Armenien");
        assertThat(new PageReader(Locale.US, List.of()).number(1_234_567)).isEqualTo("1,234,567");
        assertThat(new PageReader(Locale.US, List.of()).date(Instant.parse("2030-05-01T12:00:00Z")))
                .isEqualTo("May 1, 2030");
    }
}
