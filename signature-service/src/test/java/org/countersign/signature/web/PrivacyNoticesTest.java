package org.countersign.signature.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The privacy notice of a petition: where it comes from, and where signers read it. */
class PrivacyNoticesTest extends RunningService {

    private static final Map<String, Object> OWN = Map.of(
            "controller", "Benches for <b>Everyone</b>",
            "contact", "https://benches.example/privacy?a=1&b=2",
            "purpose", "To put a bench there\n<script>alert(1)</script>",
            "recipients", "The Town Council",
            "retention", "A year");

    private String cookie = "";

    private HttpProbe.Response publish(Object notice) {
        ObjectNode request = (ObjectNode) JSON.readTree(petition("notice-" + UUID.randomUUID()));
        request.set("notice", JSON.valueToTree(notice));
        return post("/api/petitions", request.toString(), as(ORGANISER));
    }

    private String published(Object notice) {
        HttpProbe.Response response = publish(notice);
        assertThat(response.status()).as(response.body()).isEqualTo(201);
        return response.json().get("slug").asString();
    }

    private static List<String> fields(HttpProbe.Response refused) {
        assertThat(refused.status()).as(refused.body()).isEqualTo(422);
        List<String> fields = new ArrayList<>();
        refused.json()
                .get("errors")
                .forEach(error -> fields.add(error.get("field").asString()));
        return fields;
    }

    private Document page(String path, String... headers) {
        HttpProbe.Response response = get(path, headers);
        assertThat(response.status()).as(path).isEqualTo(200);
        return Jsoup.parse(response.body());
    }

    @Test
    void a_petition_without_a_notice_takes_that_of_the_organisation() {
        HttpProbe.Response petition = get("/api/petitions/" + publishedPetition());
        assertThat(petition.json().get("notice"))
                .isEqualTo(JSON.valueToTree(Map.of(
                        "version", 1,
                        "controller", "Neighbours of Mill Street",
                        "contact", "privacy@millstreet.example",
                        "purpose", "To hand the petition over",
                        "recipients", "The recipients of the petition",
                        "retention", "Until 180 days after the petition closes",
                        "consent", false)));
        assertThat(published(null)).isNotEmpty();
    }

    @Test
    void an_incomplete_notice_is_refused_with_the_fields_named() {
        assertThat(fields(publish(Map.of())))
                .containsExactly(
                        "notice.controller",
                        "notice.contact",
                        "notice.purpose",
                        "notice.recipients",
                        "notice.retention");
        assertThat(fields(publish(with("retention", " ")))).containsExactly("notice.retention");
        assertThat(fields(publish(with("purpose", "x".repeat(1001))))).containsExactly("notice.purpose");
        assertThat(fields(publish(with("controller", "two\nlines")))).containsExactly("notice.controller");
        assertThat(fields(publish(with("contact", "javascript:alert(1)")))).containsExactly("notice.contact");
        assertThat(fields(publish(with("consent", "perhaps")))).containsExactly("notice.consent");
        assertThat(fields(publish("our usual one"))).containsExactly("notice");
        assertThat(publish(with("purpose", "x".repeat(1_000_000))).status()).isEqualTo(413);
    }

    private static Map<String, Object> with(String field, Object value) {
        Map<String, Object> notice = new HashMap<>(OWN);
        notice.put(field, value);
        return notice;
    }

    @Test
    void signers_read_the_notice_in_their_language_and_its_markup_as_text() {
        String petition = published(with("unknown", "field"));
        Document english = page("/petitions/" + petition);
        assertThat(english.select("form .privacy").text())
                .contains("Who is responsible Benches for <b>Everyone</b>", "How long it is kept A year", "withdraw");
        assertThat(english.select("form .privacy details").text())
                .contains("The Town Council", "data protection authority", "version 1");
        assertThat(english.select(".privacy a").attr("href")).isEqualTo("https://benches.example/privacy?a=1&b=2");
        assertThat(english.select("main script, .privacy b")).isEmpty();
        for (String language : List.of("de", "fr", "ar", "hy")) {
            Document other = page("/petitions/" + petition, "Accept-Language", language);
            assertThat(other.select(".privacy dd").text()).contains("The Town Council");
            assertThat(other.select(".privacy dt").text())
                    .doesNotContain("responsible", "??")
                    .isNotEqualTo(english.select(".privacy dt").text());
        }
        assertThat(page("/petitions/" + publishedPetition())
                        .select(".privacy a")
                        .attr("href"))
                .isEqualTo("mailto:privacy@millstreet.example");
    }

    @Test
    void every_page_that_takes_personal_data_has_the_notice() {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        TestMail mail = mailData(newestSignature(petition), 1);
        String organise = "/organise/petitions/" + petition;
        List<String> pages = List.of(
                "/",
                "/petitions/" + petition,
                "/petitions/" + petition + "/signed",
                "/embed/" + petition,
                "/verify",
                "/confirm?token=" + mail.confirmToken(),
                "/withdraw?token=" + mail.withdrawToken(),
                "/my-data?token=" + mail.myDataToken(),
                "/organise",
                "/organise/new",
                organise,
                organise + "/held",
                organise + "/signers",
                organise + "/cases");
        List<String> taking = new ArrayList<>();
        for (String path : pages) {
            Document page = path.startsWith("/organise") ? page(path, as(ORGANISER)) : page(path);
            boolean takes = !page.select("input, textarea")
                    .select("[name=name], [name=email], [name=comment], [name=addresses], [type=email]")
                    .isEmpty();
            if (takes) {
                taking.add(path.replaceFirst("\\?.*", ""));
            }
            assertThat(page.select("form .privacy").text())
                    .as(path)
                    .satisfies(notice -> assertThat(notice.contains("Neighbours of Mill Street"))
                            .isEqualTo(takes));
        }
        assertThat(taking)
                .containsExactly(
                        "/petitions/" + petition,
                        "/confirm",
                        "/organise/new",
                        organise,
                        organise + "/signers",
                        organise + "/cases");
    }

    /** Opens a page, changes fields of its form, and presses a button. */
    private HttpProbe.Response submit(String path, String form, Map<String, String> changed, String... headers) {
        HttpProbe.Response page = get(path, headers);
        return submit(page, form, changed, headers);
    }

    private HttpProbe.Response submit(
            HttpProbe.Response page, String selector, Map<String, String> changed, String... headers) {
        // Each login changes the cookie: the answer first deletes the old one.
        for (String set : page.headers().allValues("Set-Cookie")) {
            cookie = set.split(";")[0];
        }
        Element form = Objects.requireNonNull(Jsoup.parse(page.body()).selectFirst(selector));
        Map<String, String> fields = new HashMap<>();
        form.select("input[name]:not([type=checkbox]), input[checked]")
                .forEach(input -> fields.put(input.attr("name"), input.attr("value")));
        form.select("textarea").forEach(area -> fields.put(area.attr("name"), area.wholeText()));
        form.select("select")
                .forEach(select -> fields.put(
                        select.attr("name"), select.select("option[selected]").attr("value")));
        fields.putAll(changed);
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                HttpRequest.newBuilder(uri(form.attr("action")))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Cookie", cookie)
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                headers);
    }

    @Test
    void the_organiser_sees_the_notice_before_publishing_and_may_give_another() {
        String form = "form[action=/organise/new]";
        Map<String, String> fields = Map.of(
                "title", "Notice " + UUID.randomUUID(),
                "statement", "Please.",
                "recipients", "The Council",
                "goal", "100",
                "organiserName", "Olga",
                "organiserEmail", "olga@example.org",
                "step", "preview");
        HttpProbe.Response preview = submit("/organise/new", form, fields, as(ORGANISER));
        assertThat(Jsoup.parse(preview.body()).select(".preview .privacy").text())
                .contains("Neighbours of Mill Street", "Until 180 days");

        Map<String, String> own = new HashMap<>(fields);
        OWN.forEach((name, text) ->
                own.put("notice" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1), "" + text));
        own.remove("noticeRetention");
        HttpProbe.Response refused = submit("/organise/new", form, own, as(ORGANISER));
        assertThat(refused.status()).isEqualTo(422);
        Document marked = Jsoup.parse(refused.body());
        assertThat(marked.select("#noticeRetention-error").text()).startsWith("is missing: say how long");
        assertThat(marked.select("details.own-notice[open]")).hasSize(1);

        own.put("noticeRetention", "A year");
        HttpProbe.Response second = submit("/organise/new", form, own, as(ORGANISER));
        HttpProbe.Response published = submit(second, form, Map.of("step", "publish"), as(ORGANISER));
        assertThat(published.status()).as(published.body()).isEqualTo(302);
        String slug = published.headers().firstValue("Location").orElseThrow().replaceFirst(".*/", "");
        assertThat(get("/api/petitions/" + slug)
                        .json()
                        .get("notice")
                        .get("controller")
                        .asString())
                .isEqualTo("Benches for <b>Everyone</b>");
    }

    private HttpProbe.Response sign(String petition, Map<String, Object> changed) {
        Map<String, Object> form =
                new HashMap<>(Map.of("name", "Sona Signer", "email", "sona@example.org", "country", "AM"));
        form.putAll(changed);
        return post("/api/petitions/" + petition + "/signatures", JSON.writeValueAsString(form));
    }

    private JsonNode signed(String petition) {
        return get("/api/petitions/" + petition + "/history", as(AUDITOR))
                .body()
                .lines()
                .map(JSON::readTree)
                .filter(event -> event.get("type").asString().equals("PetitionSigned"))
                .reduce((first, second) -> second)
                .orElseThrow()
                .get("data");
    }

    @Test
    void a_signing_names_the_notice_and_what_was_ticked_and_the_signer_sees_it() {
        String petition = publishedPetition();
        assertThat(sign(petition, Map.of()).status()).isEqualTo(202);
        JsonNode event = signed(petition);
        assertThat(event.get("notice").asInt()).isEqualTo(1);
        assertThat(event.has("consent") || event.has("contact")).isFalse();

        String other = publishedPetition();
        assertThat(sign(other, Map.of("contact", true)).status()).isEqualTo(202);
        assertThat(signed(other).get("contact").asBoolean()).isTrue();
        String token = mailData(newestSignature(other), 1).myDataToken();
        JsonNode data = get("/api/signatures/mine?token=" + token).json();
        assertThat(data.at("/given/0/notice").asInt()).isEqualTo(1);
        assertThat(data.at("/given/0/consent").asBoolean()).isFalse();
        assertThat(data.at("/given/0/contact").asBoolean()).isTrue();
        assertThat(data.at("/notices/0/controller").asString()).isEqualTo("Neighbours of Mill Street");
        assertThat(page("/my-data?token=" + token).select("main").text())
                .contains(
                        "Privacy notice version 1",
                        "Consent ticked no",
                        "May write to you about other work yes",
                        "Neighbours of Mill Street");
    }

    @Test
    void a_notice_with_consent_needs_it_ticked_on_the_page_and_in_a_call() {
        String petition = published(with("consent", true));
        Document page = page("/petitions/" + petition);
        assertThat(page.select("input[name=consent]").hasAttr("checked")).isFalse();
        assertThat(page.select("input[name=consent]").hasAttr("required")).isTrue();
        assertThat(page.select("input[name=contact]").hasAttr("checked")).isFalse();
        assertThat(page("/petitions/" + publishedPetition()).select("input[name=consent]"))
                .isEmpty();

        assertThat(fields(sign(petition, Map.of()))).containsExactly("consent");
        assertThat(fields(sign(petition, Map.of("consent", false, "name", "")))).containsExactly("name", "consent");
        assertThat(fields(sign(petition, Map.of("consent", "perhaps")))).containsExactly("consent");
        Map<String, String> fields =
                Map.of("name", "Sona", "email", "sona@example.org", "country", "AM", "contact", "true");
        HttpProbe.Response refused = submit("/petitions/" + petition, "form#sign", fields);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(Jsoup.parse(refused.body()).select("#consent-error").text()).contains("tick this box");
        HttpProbe.Response accepted = submit(refused, "form#sign", Map.of("consent", "true"));
        assertThat(accepted.status()).isEqualTo(302);
        assertThat(signed(petition).get("consent").asBoolean()).isTrue();
        assertThat(signed(petition).get("contact").asBoolean()).isTrue();
    }

    @Test
    void the_owner_of_the_address_can_take_back_a_contact_that_a_stranger_ticked() {
        String petition = published(with("consent", true));
        sign(petition, Map.of("consent", true, "contact", true));
        String confirm =
                "/confirm?token=" + mailData(newestSignature(petition), 1).confirmToken();
        for (int cached = 0; cached < 2; cached++) {
            Document page = page(confirm);
            assertThat(page.select("input[name=contact]").hasAttr("checked")).isTrue();
            assertThat(page.select("form").text()).contains("The consent to the use of your data was ticked");
        }
        // A browser sends no box that is not ticked.
        HttpProbe.Response page = get(confirm);
        String unticked =
                page.body().replaceAll("(<input type=\"checkbox\" name=\"contact\"[^>]*) checked[^>]*>", "$1>");
        assertThat(submit(new HttpProbe.Response(page.status(), unticked, page.headers()), "form", Map.of())
                        .status())
                .isEqualTo(302);
        JsonNode confirmed = signed(petition);
        assertThat(confirmed.get("corrects").asInt()).isEqualTo(1);
        assertThat(confirmed.get("consent").asBoolean()).isTrue();
        assertThat(confirmed.has("contact")).isFalse();
    }

    private String eventTypes(String petition) {
        return get("/api/petitions/" + petition + "/history", as(AUDITOR))
                .body()
                .lines()
                .map(line -> JSON.readTree(line).get("type").asString())
                .collect(Collectors.joining(" "));
    }

    private String exported(String petition, String query) {
        return get("/api/petitions/" + petition + "/signatures.csv" + query, as(ORGANISER))
                .body();
    }

    @Test
    void a_signer_withdraws_the_contact_alone_and_the_export_shows_it() {
        String petition = publishedPetition();
        TestMail mail = signAndConfirm(
                petition, Map.of("name", "Sona", "email", "sona@example.org", "country", "AM", "contact", true));
        assertThat(exported(petition, "")).doesNotContain("contact");
        assertThat(exported(petition, "?ids=true&contact=true")).contains("signatureId,contact", ",true");
        assertThat(fields(get("/api/petitions/" + petition + "/signatures.csv?contact=x", as(ORGANISER))))
                .containsExactly("contact");

        String page = "/my-data?token=" + mail.myDataToken();
        get("/withdraw-contact?token=" + mail.myDataToken());
        assertThat(eventTypes(petition)).doesNotContain("ContactConsentWithdrawn");
        assertThat(submit(page, "form[action=/withdraw-contact]", Map.of()).body())
                .contains("You have taken this permission back");
        assertThat(withToken("withdraw-contact", mail.withdrawToken())
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("verified");
        assertThat(eventTypes(petition))
                .endsWith("PetitionPublished PetitionSigned SignatureVerified ContactConsentWithdrawn");
        assertThat(page(page).select("form[action=/withdraw-contact]")).isEmpty();
        assertThat(get("/api/signatures/mine?token=" + mail.myDataToken())
                        .json()
                        .get("contact")
                        .asBoolean())
                .isFalse();
        assertThat(exported(petition, "?contact=true")).contains("verifiedAt,contact", ",false");
        assertThat(withToken("withdraw-contact", mail.confirmToken()).status()).isEqualTo(422);
    }

    @Test
    void withdrawing_the_consent_withdraws_and_erases_in_one_step() {
        String petition = publishedPetition();
        TestMail mail = signAndConfirm(
                petition, Map.of("name", "Sona", "email", "sona@example.org", "country", "AM", "contact", true));
        String withdraw = "/withdraw?token=" + mail.withdrawToken();
        String form = "form[action=/withdraw-consent]";
        assertThat(submit(withdraw, form, Map.of("token", "cut-off")).status()).isEqualTo(422);
        HttpProbe.Response done = submit(withdraw, form, Map.of());
        assertThat(done.body()).contains("Your consent is withdrawn");
        assertThat(eventTypes(petition)).endsWith("SignatureVerified SignatureWithdrawn SignerErased");
        JsonNode data = get("/api/signatures/mine?token=" + mail.myDataToken()).json();
        assertThat(data.get("status").asString()).isEqualTo("withdrawn");
        assertThat(data.get("erased").asBoolean()).isTrue();
        assertThat(data.get("contact").asBoolean()).isFalse();
        assertThat(data.at("/given/0/notice").asInt()).isEqualTo(1);
        assertThat(withToken("withdraw-consent", mail.myDataToken()).status()).isEqualTo(200);
        assertThat(withToken("withdraw-contact", mail.myDataToken()).status()).isEqualTo(200);
        assertThat(eventTypes(petition)).endsWith("SignatureVerified SignatureWithdrawn SignerErased");

        // A new signature of the same address is not ended by the link of the old one.
        sign(petition, "sona@example.org");
        await().untilAsserted(() -> assertThat(eventTypes(petition)).endsWith("SignerErased PetitionSigned"));
        assertThat(withToken("withdraw-consent", mail.withdrawToken()).status()).isEqualTo(410);
        TestMail second = mailData(newestSignature(petition), 2);
        assertThat(withToken("withdraw-consent", second.withdrawToken())
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("withdrawn");
        assertThat(eventTypes(petition)).endsWith("PetitionSigned SignatureWithdrawn SignerErased");
    }

    @Test
    void the_organiser_reads_what_a_record_of_processing_names() {
        String petition = publishedPetition();
        JsonNode settings = get("/api/privacy", as(ORGANISER)).json();
        assertThat(settings.at("/organisation/controller").asString()).isEqualTo("Neighbours of Mill Street");
        assertThat(settings.at("/retentionDays/afterClosing").asInt()).isEqualTo(180);
        assertThat(settings.at("/retentionDays/accessLog").asInt()).isEqualTo(365);
        assertThat(settings.get("petitions").valueStream()).anySatisfy(one -> {
            assertThat(one.get("petition").asString()).isEqualTo(petition);
            assertThat(one.at("/notice/version").asInt()).isEqualTo(1);
        });
        assertThat(get("/api/privacy", as(AUDITOR)).status()).isEqualTo(403);
    }

    private HttpProbe.Response change(String petition, Object notice, String... headers) {
        return send(
                HttpRequest.newBuilder(uri("/api/petitions/" + petition + "/notice"))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(notice))),
                headers);
    }

    @Test
    void a_changed_notice_is_a_new_version_and_earlier_signings_keep_theirs() {
        String petition = publishedPetition();
        sign(petition, Map.of());
        String first =
                "/my-data?token=" + mailData(newestSignature(petition), 1).myDataToken();

        for (int repeated = 0; repeated < 2; repeated++) {
            HttpProbe.Response changed = change(petition, OWN, as(ORGANISER));
            assertThat(changed.status()).as(changed.body()).isEqualTo(200);
            assertThat(changed.json().get("version").asInt()).isEqualTo(2);
        }
        assertThat(eventTypes(petition)).isEqualTo("PetitionPublished PetitionSigned PrivacyNoticeChanged");
        assertThat(get("/api/petitions/" + petition)
                        .json()
                        .at("/notice/version")
                        .asInt())
                .isEqualTo(2);
        assertThat(get("/api/petitions/" + petition + "/notices").json())
                .extracting(version -> version.get("controller").asString())
                .containsExactly("Neighbours of Mill Street", "Benches for <b>Everyone</b>");
        assertThat(page("/petitions/" + petition).select("form .privacy").text())
                .contains("Benches for <b>Everyone</b>", "version 2");
        assertThat(page(first).select("main").text())
                .contains("The privacy notice, version 1", "Neighbours of Mill Street");

        assertThat(sign(petition, Map.of("email", "suren@example.org")).status())
                .isEqualTo(202);
        assertThat(signed(petition).get("notice").asInt()).isEqualTo(2);
    }

    @Test
    void a_signer_does_not_sign_under_a_notice_that_they_have_not_read() {
        String petition = publishedPetition();
        HttpProbe.Response old = get("/petitions/" + petition);
        change(petition, with("consent", true), as(ORGANISER));

        Map<String, String> fields = Map.of("name", "Sona", "email", "sona@example.org", "country", "AM");
        HttpProbe.Response refused = submit(old, "form#sign", fields);
        assertThat(refused.status()).isEqualTo(422);
        Document page = Jsoup.parse(refused.body());
        assertThat(page.select(".privacy [role=alert]").text()).contains("changed while the page was open");
        assertThat(page.select(".privacy").text()).contains("Benches for <b>Everyone</b>");
        assertThat(page.select("#consent-error")).isEmpty();
        assertThat(page.select("input[name=email]").attr("value")).isEqualTo("sona@example.org");
        assertThat(submit(refused, "form#sign", Map.of("consent", "true")).status())
                .isEqualTo(302);
        assertThat(signed(petition).get("notice").asInt()).isEqualTo(2);

        for (Object version : List.of(1, 3, 0, -1, "newest")) {
            assertThat(fields(sign(petition, Map.of("notice", version, "consent", true))))
                    .containsExactly("notice");
        }
        assertThat(sign(petition, Map.of("notice", 2, "consent", true)).status())
                .isEqualTo(202);
    }

    @Test
    void an_incomplete_change_names_the_fields_and_changes_nothing() {
        String petition = publishedPetition();
        assertThat(fields(change(petition, with("retention", " "), as(ORGANISER))))
                .containsExactly("retention");
        assertThat(fields(change(petition, Map.of(), as(ORGANISER))))
                .containsExactly("controller", "contact", "purpose", "recipients", "retention");
        assertThat(change("no-such-petition", OWN, as(ORGANISER)).status()).isEqualTo(404);
        assertThat(change(petition, OWN, as(AUDITOR)).status()).isEqualTo(403);
        assertThat(change(petition, OWN).status()).isEqualTo(401);
        assertThat(eventTypes(petition)).isEqualTo("PetitionPublished");
    }

    @Test
    void the_organiser_changes_the_notice_on_a_page_and_reads_earlier_versions() {
        assertThat(get("/organise/petitions/no-such-petition/notice", as(ORGANISER))
                        .status())
                .isEqualTo(404);
        String petition = publishedPetition();
        String address = "/organise/petitions/" + petition + "/notice";
        assertThat(page("/organise/petitions/" + petition, as(ORGANISER)).select("a[href=" + address + "]"))
                .hasSize(1);
        String form = "form[action=" + address + "]";
        HttpProbe.Response refused = submit(address, form, Map.of("noticePurpose", ""), as(ORGANISER));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(Jsoup.parse(refused.body()).select("#noticePurpose-error").text())
                .startsWith("is missing: say what");
        HttpProbe.Response saved = submit(refused, form, Map.of("noticePurpose", "To thank everybody"), as(ORGANISER));
        assertThat(saved.status()).as(saved.body()).isEqualTo(302);
        Document page = page(address, as(ORGANISER));
        assertThat(page.select("#noticePurpose").text()).isEqualTo("To thank everybody");
        assertThat(page.select("details").text()).contains("Version 1", "To hand the petition over");
        assertThat(page("/audit/petitions/" + petition, as(AUDITOR)).text()).contains("version 2 applies to signings");
    }
}
