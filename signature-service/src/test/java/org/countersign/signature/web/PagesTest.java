package org.countersign.signature.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.countersign.events.EventType;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The pages in a browser without JavaScript. */
class PagesTest extends RunningService {

    /** An open page: its response, its content and its cookie. */
    private record Page(HttpProbe.Response answer, Document document, String cookie) {}

    private Page open(String path) {
        HttpProbe.Response answer = get(path);
        return new Page(
                answer,
                Jsoup.parse(answer.body()),
                answer.headers()
                        .firstValue("Set-Cookie")
                        .map(cookie -> cookie.split(";")[0])
                        .orElse(""));
    }

    /** Submits the form of a page with these fields and its hidden fields. */
    private HttpProbe.Response submit(Page page, Map<String, String> fields) {
        Element form = page.document().selectFirst("form");
        Map<String, String> all = new HashMap<>(fields);
        form.select("input[type=hidden]").forEach(hidden -> all.put(hidden.attr("name"), hidden.attr("value")));
        String body = all.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(uri(form.attr("action")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", page.cookie())
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void a_signer_signs_confirms_and_withdraws_without_javascript() {
        String petition = publishedPetition();
        assertThat(open("/").document().select("a[href=/petitions/" + petition + "]"))
                .hasSize(1);
        Page page = open("/petitions/" + petition);
        assertThat(page.document().select("h1").text()).isEqualTo("A bench under the lime tree");
        assertThat(page.document().select(".to").text()).contains("The Town Council");
        assertThat(page.document().select(".counter .goal").text()).isEqualTo("Let’s get to 100!");
        assertThat(page.document().select(".statement em").text()).isEqualTo("bench");

        HttpProbe.Response signed = submit(
                page, Map.of("name", "Sona Signer", "email", "sona@example.org", "country", "AM", "updates", "true"));
        assertThat(signed.status()).isEqualTo(302);
        HttpProbe.Response again = submit(
                open("/petitions/" + petition),
                Map.of("name", "Sona Signer", "email", "SONA+2@example.org", "country", "AM"));
        assertThat(again.headers().firstValue("Location"))
                .isEqualTo(signed.headers().firstValue("Location"));
        assertThat(get(signed.headers().firstValue("Location").orElseThrow().replaceFirst("https?://[^/]+", ""))
                        .body())
                .contains("look at your mail");

        String signature = onlySignature(petition);
        String confirm = "/confirm?token=" + mailData(signature, 1).confirmToken();
        Page confirmPage = open(confirm);
        assertThat(signatureHistory(signature)).doesNotContain("SignatureVerified");
        assertThat(submit(confirmPage, Map.of()).headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).endsWith("/confirmed"));
        assertThat(signatureHistory(signature)).contains("SignatureVerified");

        Page unsubscribe = open("/unsubscribe?token=" + mailData(signature, 1).unsubscribeToken());
        assertThat(submit(unsubscribe, Map.of()).body()).contains("No more updates");

        Page withdrawPage = open("/withdraw?token=" + mailData(signature, 1).withdrawToken());
        assertThat(signatureHistory(signature)).doesNotContain("SignatureWithdrawn");
        assertThat(submit(withdrawPage, Map.of()).headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).endsWith("/withdrawn"));
        assertThat(signatureHistory(signature)).contains("UpdatesStopped").contains("SignatureWithdrawn");
    }

    @Test
    void only_the_signer_who_just_confirmed_is_offered_the_receipt() {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        HttpProbe.Response confirmed = submit(
                open("/confirm?token=" + mailData(onlySignature(petition), 1).confirmToken()), Map.of());
        String cookie = confirmed.headers().allValues("Set-Cookie").stream()
                .filter(one -> one.startsWith("receipt="))
                .findAny()
                .orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/petitions/" + petition + "/confirmed");
        HttpProbe.Response done = get("/petitions/" + petition + "/confirmed", "Cookie", cookie.split(";")[0]);
        assertThat(done.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
        String link = Jsoup.parse(done.body()).select("a[download]").attr("href");
        await().atMost(Duration.ofMinutes(1)).until(() -> get(link).status() == 200);
        assertThat(get(link).json().get("entries").size()).isGreaterThanOrEqualTo(1);
        String token = link.substring(link.indexOf('=') + 1);
        assertThat(get("/api/signatures/mine?token=" + token).status()).isEqualTo(422);
        assertThat(withToken("erase", token).status()).isEqualTo(422);
        assertThat(open("/petitions/" + petition + "/confirmed").document().select("a[download]"))
                .isEmpty();
    }

    @Test
    void a_mistyped_address_gets_a_question_before_anything_is_stored() {
        String petition = publishedPetition();
        Map<String, String> typed = Map.of("name", "Anna Signer", "email", "anna@gmial.com", "country", "AM");
        Page first = open("/petitions/" + petition);
        HttpProbe.Response asked = submit(first, typed);
        assertThat(asked.status()).isEqualTo(422);
        Page question = new Page(asked, Jsoup.parse(asked.body()), first.cookie());
        assertThat(question.document().select("button[name=address]").eachText())
                .containsExactly("Use anna@gmail.com", "Keep anna@gmial.com");
        assertThat(question.document().select(".error[role=alert]")).isEmpty();
        assertThat(signatures(petition)).isZero();

        Map<String, String> use = new HashMap<>(typed);
        use.put("address", "anna@gmail.com");
        assertThat(submit(question, use).headers().firstValue("Location").orElseThrow())
                .endsWith("/signed");
        assertThat(mailData(onlySignature(petition), 1).get("email").asString()).isEqualTo("anna@gmail.com");
    }

    @Test
    void a_signer_keeps_an_unusual_address_or_corrects_it_by_hand() {
        String petition = publishedPetition();
        Map<String, String> typed = Map.of("name", "Anna Signer", "email", "anna@gmial.com", "country", "AM");
        Page first = open("/petitions/" + petition);
        HttpProbe.Response asked = submit(first, typed);
        Page question = new Page(asked, Jsoup.parse(asked.body()), first.cookie());
        Map<String, String> corrected = new HashMap<>(typed);
        corrected.put("email", "anne@hotmial.com");
        // What a browser sends when Enter is pressed in the corrected field.
        corrected.put("address", "anna@gmail.com");
        assertThat(submit(question, corrected).body()).contains("anne@hotmail.com");
        // A button takes only the addresses that it shows.
        Map<String, String> foreign = new HashMap<>(typed);
        foreign.put("address", "somebody@example.org");
        assertThat(submit(question, foreign).status()).isEqualTo(422);
        assertThat(signatures(petition)).isZero();

        Map<String, String> keep = new HashMap<>(typed);
        keep.put("address", "anna@gmial.com");
        assertThat(submit(question, keep).status()).isEqualTo(302);
        assertThat(mailData(onlySignature(petition), 1).get("email").asString()).isEqualTo("anna@gmial.com");
        // A program is asked nothing.
        assertThat(sign(petition, "berta@gmial.com").status()).isEqualTo(202);
    }

    /** Presses the button on the page after signing, with the cookies of the sign call. */
    private HttpProbe.Response askAgain(String petition, String again) {
        Page page = open("/petitions/" + petition + "/signed");
        Element form = page.document().selectFirst(".missing form");
        String body = form.select("input[type=hidden]").stream()
                .map(hidden -> hidden.attr("name") + "=" + URLEncoder.encode(hidden.attr("value"), UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(uri(form.attr("action")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", page.cookie() + (again.isEmpty() ? "" : "; " + again))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static String againCookie(HttpProbe.Response signed) {
        String cookie = signed.headers().allValues("Set-Cookie").stream()
                .filter(one -> one.startsWith("again="))
                .findAny()
                .orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Max-Age=3600");
        return cookie.split(";")[0];
    }

    @Test
    void a_signer_who_misses_the_mail_gets_it_again_within_the_limits() {
        String petition = publishedPetition();
        Map<String, String> typed = Map.of("name", "Anna Signer", "email", "anna@example.org", "country", "AM");
        HttpProbe.Response signed = submit(open("/petitions/" + petition), typed);
        String again = againCookie(signed);
        Document page = open("/petitions/" + petition + "/signed").document();
        assertThat(page.select(".missing").text()).contains("No mail yet?", "spam", "petitions@localhost");
        for (int press = 1; press <= 7; press++) {
            HttpProbe.Response asked = askAgain(petition, again);
            assertThat(asked.headers().firstValue("Location").orElseThrow()).endsWith("/again");
            await().atMost(Duration.ofMinutes(1)).until(() -> waiting() == 0);
        }
        // Five mails at once, and then one in ten minutes.
        assertThat(signatures(petition)).isEqualTo(5);
        assertThat(mailData(onlySignature(petition), 5).get("email").asString()).isEqualTo("anna@example.org");
        assertThat(open("/petitions/" + petition + "/again")
                        .document()
                        .select("h1")
                        .text())
                .isEqualTo("Please look at your mail again");
        // The link of the newest mail confirms.
        submit(open("/confirm?token=" + mailData(onlySignature(petition), 5).confirmToken()), Map.of());
        assertThat(signatureHistory(onlySignature(petition))).contains("SignatureVerified");
    }

    @Test
    void the_button_tells_nobody_who_has_signed_and_mails_nobody_who_left() {
        String petition = publishedPetition();
        Map<String, String> typed = Map.of("name", "Anna Signer", "email", "anna@example.org", "country", "AM");
        String again = againCookie(submit(open("/petitions/" + petition), typed));
        withToken("withdraw", mailData(onlySignature(petition), 1).withdrawToken());
        HttpProbe.Response left = askAgain(petition, again);
        await().atMost(Duration.ofMinutes(1)).until(() -> waiting() == 0);
        assertThat(signatures(petition)).as("signed and withdrawn").isEqualTo(2);

        String second = againCookie(submit(open("/petitions/" + petition), withEmail("berta@example.org")));
        HttpProbe.Response pending = askAgain(petition, second);
        assertThat(left.status()).isEqualTo(pending.status());
        assertThat(left.headers().firstValue("Location"))
                .isEqualTo(pending.headers().firstValue("Location"));
        assertThat(askAgain(petition, "").status()).isEqualTo(410);
        assertThat(askAgain(petition, "again=" + "A".repeat(66)).status()).isEqualTo(410);
        assertThat(askAgain(publishedPetition(), second).status()).isEqualTo(410);
    }

    private static Map<String, String> withEmail(String email) {
        return Map.of("name", "Anna Signer", "email", email, "country", "AM");
    }

    private long waiting() {
        return database.sql("select count(*) from mail_again").query(Long.class).single();
    }

    private long signatures(String petition) {
        return database.sql("""
                        select count(*) from event e join petition_name p on p.id = e.petition
                        where p.slug = ? and e.type >= ?""")
                .params(petition, EventType.FIRST_SIGNATURE_CODE)
                .query(Long.class)
                .single();
    }

    private String signatureHistory(String signature) {
        return get("/api/signatures/" + signature + "/history", as(AUDITOR)).body();
    }

    @Test
    void a_mail_program_unsubscribes_with_one_post() {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        String signature = onlySignature(petition);
        HttpProbe.Response answer = send(HttpRequest.newBuilder(
                        uri("/unsubscribe?token=" + mailData(signature, 1).unsubscribeToken()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("List-Unsubscribe=One-Click")));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(signatureHistory(signature)).contains("UpdatesStopped");
    }

    @Test
    void errors_are_beside_their_fields_and_the_input_is_kept() {
        HttpProbe.Response answer = submit(
                open("/petitions/" + publishedPetition()),
                Map.of("name", "Sona \"S\" <b>", "email", "nonsense", "country", ""));
        assertThat(answer.status()).isEqualTo(422);
        Document page = Jsoup.parse(answer.body());
        assertThat(page.selectFirst("#name").attr("value")).isEqualTo("Sona \"S\" <b>");
        assertThat(page.selectFirst("#email").attr("value")).isEqualTo("nonsense");
        assertThat(page.selectFirst("#email").attr("aria-invalid")).isEqualTo("true");
        assertThat(page.selectFirst("#email-error").text()).contains("e-mail address such as");
        assertThat(page.select("#country-error")).hasSize(1);
        assertThat(page.select("#name-error")).hasSize(1);
    }

    @Test
    void a_form_from_another_site_is_rejected() {
        String petition = publishedPetition();
        HttpProbe.Response answer = send(HttpRequest.newBuilder(uri("/petitions/" + petition))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("name=Sona&email=sona%40example.org&country=AM")));
        assertThat(answer.status()).isEqualTo(403);
    }

    @Test
    void markup_of_a_petition_is_escaped_or_removed() {
        ObjectNode petition = (ObjectNode) JSON.readTree(petition("evil-" + System.nanoTime()));
        petition.put("title", "<script>alert(1)</script>")
                .put(
                        "statement",
                        "<script>alert(1)</script>\n\nSee <img src=x onerror=alert(1)> [x](javascript:alert(1)) [y](https://example.org/)\n\n# Big");
        String slug = post("/api/petitions", petition.toString(), as(ORGANISER))
                .json()
                .get("slug")
                .asString();
        Document page = open("/petitions/" + slug).document();
        assertThat(page.select("script"))
                .allSatisfy(script -> assertThat(script.attr("src")).isIn("/live.js", "/retry.js"));
        assertThat(page.select(".statement img, .statement [onerror], .statement a[href^=javascript]"))
                .isEmpty();
        assertThat(page.select(".statement a").attr("rel")).contains("nofollow");
        assertThat(page.select("h1").text()).isEqualTo("<script>alert(1)</script>");
    }

    @Test
    void pages_have_strict_security_headers() {
        HttpProbe.Response page = get("/petitions/" + publishedPetition());
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Set-Cookie").orElse(""))
                .contains("HttpOnly")
                .contains("SameSite=Strict");
        assertThat(Jsoup.parse(page.body()).select("[style], script:not([src]), [onclick]"))
                .isEmpty();
    }

    @Test
    void an_invalid_link_is_answered_with_an_error_page() {
        HttpProbe.Response broken = submit(open("/confirm?token=nonsense"), Map.of());
        assertThat(broken.status()).isEqualTo(422);
        assertThat(broken.body()).contains("This link is not complete");
        assertThat(get("/petitions/no-such").status()).isEqualTo(404);
        assertThat(get("/no/such/page").status()).isEqualTo(404);
    }
}
