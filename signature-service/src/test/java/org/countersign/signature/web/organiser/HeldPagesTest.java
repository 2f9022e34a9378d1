package org.countersign.signature.web.organiser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.countersign.testkit.RawHttp;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** The page with which an organiser edits rules, and releases and dismisses held calls. */
class HeldPagesTest extends RunningService {

    private record OpenPage(Document document, String cookie) {}

    private OpenPage open(String petition) {
        HttpProbe.Response page = get("/organise/petitions/" + petition + "/held", as(ORGANISER));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
        return new OpenPage(
                Jsoup.parse(page.body()),
                page.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0]);
    }

    private HttpProbe.Response submit(OpenPage page, String action, Map<String, String> changed) {
        Element form = Objects.requireNonNull(page.document().selectFirst("form[action$=" + action + "]"));
        Map<String, String> fields = new HashMap<>();
        form.select("input[name]").forEach(input -> fields.put(input.attr("name"), input.attr("value")));
        form.select("textarea").forEach(area -> fields.put(area.attr("name"), area.wholeText()));
        fields.putAll(changed);
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                HttpRequest.newBuilder(uri(form.attr("action")))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Cookie", page.cookie())
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                as(ORGANISER));
    }

    private long held(String petition) {
        return database.sql("""
                        select count(*) from held_signing h join petition_name p on p.id = h.petition
                        where p.slug = ?""").param(petition).query(Long.class).single();
    }

    @Test
    void the_organiser_holds_a_domain_and_releases_one_rule_and_dismisses_another() {
        String petition = publishedPetition();
        OpenPage first = open(petition);
        assertThat(first.document().text()).contains("Nothing is held");
        assertThat(first.document().select("#domainBurst").attr("value")).isEqualTo("5");
        HttpProbe.Response changed = submit(
                first,
                "/rules",
                Map.of("holdDomains", "one.test\r\n*.two.test\r\n", "petitionBurst", "", "reason", "an attack"));
        assertThat(changed.status()).isEqualTo(302);
        sign(petition, "a@one.test");
        sign(petition, "b@x.two.test");
        OpenPage page = open(petition);
        assertThat(page.document().select("#holdDomains").first().wholeText()).isEqualTo("one.test\n*.two.test");
        assertThat(page.document().text())
                .contains("hold-domain:one.test", "a…@o….test")
                .doesNotContain("a@one");
        assertThat(submit(page, "/held/release", Map.of("rule", "hold-domain:one.test"))
                        .status())
                .isEqualTo(302);
        assertThat(held(petition)).isEqualTo(1);
        assertThat(submit(page, "/held/dismiss", Map.of("rule", "hold-domain:*.two.test"))
                        .status())
                .isEqualTo(302);
        assertThat(held(petition)).isZero();
        for (String action : List.of("release held signings", "dismiss held signings", "change signing rules")) {
            assertThat(database.sql("select count(*) from access_log where action = ? and object = ?")
                            .params(action, petition)
                            .query(Long.class)
                            .single())
                    .as(action)
                    .isEqualTo(1);
        }
    }

    @Test
    void a_mistake_comes_back_with_the_field_and_what_was_typed() {
        String petition = publishedPetition();
        HttpProbe.Response refused = submit(
                open(petition), "/rules", Map.of("holdNetworks", "10.0.0.0/99", "domainBurst", "many", "reason", ""));
        assertThat(refused.status()).isEqualTo(422);
        Document page = Jsoup.parse(refused.body());
        assertThat(page.select("#holdNetworks-error").text()).contains("203.0.113.0/24");
        assertThat(page.select("#holdNetworks").first().wholeText()).isEqualTo("10.0.0.0/99");
        assertThat(page.select("#domainBurst-error").text()).contains("whole number");
        assertThat(page.select("#reason-error").text()).isNotEmpty();
    }

    @Test
    void the_forms_need_the_organiser_and_the_token_and_no_other_site_sends_them() {
        String petition = publishedPetition();
        String credentials = "Authorization: " + as(ORGANISER)[1];
        RawHttp browser = new RawHttp(port, "127.0.0.1");
        for (String form : List.of("/held/release", "/held/dismiss", "/rules")) {
            String path = "/organise/petitions/" + petition + form;
            assertThat(browser.send("POST", path, List.of())).as(form).isEqualTo(401);
            assertThat(browser.send("POST", path, List.of(credentials)))
                    .as(form)
                    .isEqualTo(403);
            assertThat(browser.send("POST", path, List.of(credentials, "Sec-Fetch-Site: cross-site")))
                    .as(form)
                    .isEqualTo(403);
        }
        assertThat(get("/organise/petitions/" + petition + "/held", as(AUDITOR)).status())
                .isEqualTo(403);
        assertThat(get("/organise/petitions/no-such/held", as(ORGANISER)).status())
                .isEqualTo(404);
    }

    @Test
    void the_page_of_the_petition_links_to_the_held_calls() {
        String petition = publishedPetition();
        assertThat(Jsoup.parse(get("/organise/petitions/" + petition, as(ORGANISER))
                                .body())
                        .select("a[href=/organise/petitions/" + petition + "/held]"))
                .hasSize(1);
    }
}
