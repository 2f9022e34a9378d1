package org.countersign.signature.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** An organiser removes signatures by what is known about their sign calls: networks, form times, attacks and rules. */
@TestPropertySource(
        properties = {
            "countersign.limit.exempt=",
            "countersign.limit.per-minute=0",
            "countersign.trusted-proxies=127.0.0.0/8,::1"
        })
class CasesBySignalsTest extends RunningService {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String NO_LIMITS = "{\"limits\":{},\"reason\":\"only anomalies may hold calls\"}";
    private static final String HOLD_TOWN = """
            {"hold":{"domains":["town.test"]},"limits":{},"reason":"by mistake"}""";

    private String petition;

    @BeforeEach
    void publish() {
        petition = publishedPetition();
        rules(NO_LIMITS);
    }

    private void rules(String rules) {
        assertThat(new HttpProbe(port)
                        .sendJson("PUT", "/api/petitions/" + petition + "/rules", rules, as(ORGANISER))
                        .status())
                .isEqualTo(200);
    }

    private void signFrom(String network, String email) {
        signFrom(network, email, Map.of());
    }

    private void signFrom(String network, String email, Map<String, Object> more) {
        Map<String, Object> form = new TreeMap<>(Map.of("name", "Sona Signer", "email", email, "country", "AM"));
        form.putAll(more);
        assertThat(post(
                                "/api/petitions/" + petition + "/signatures",
                                JSON.writeValueAsString(form),
                                "X-Forwarded-For",
                                network)
                        .status())
                .isEqualTo(202);
    }

    private void awaitSignals(int number) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(database.sql("""
                                select count(*) from signing_signal s join petition_name p on p.id = s.petition
                                where p.slug = ?""")
                                .param(petition)
                                .query(Integer.class)
                                .single())
                        .isEqualTo(number));
    }

    private static String quoted(List<String> items) {
        return JSON.writeValueAsString(items);
    }

    private HttpProbe.Response previewed(String criteria) {
        return post("/api/petitions/" + petition + "/cases/preview", "{\"criteria\":" + criteria + "}", as(ORGANISER));
    }

    private JsonNode preview(String criteria) {
        HttpProbe.Response response = previewed(criteria);
        assertThat(response.status()).as(response.body()).isEqualTo(200);
        return response.json();
    }

    private List<String> taken(String criteria) {
        return preview(criteria)
                .get("sample")
                .valueStream()
                .map(one -> one.get("address").asString())
                .sorted()
                .toList();
    }

    private List<String> takenFrom(String... networks) {
        return taken("{\"networks\":" + quoted(List.of(networks)) + "}");
    }

    private String wrongField(String criteria) {
        HttpProbe.Response response = previewed(criteria);
        assertThat(response.status()).as(response.body()).isEqualTo(422);
        return response.json().get("errors").get(0).get("field").asString();
    }

    private JsonNode done(String criteria) {
        HttpProbe.Response opened = post(
                "/api/petitions/" + petition + "/cases",
                "{\"criteria\":" + criteria + ",\"reason\":\"one script\",\"publicReason\":\"A program’s\"}",
                as(ORGANISER));
        assertThat(opened.status()).as(opened.body()).isEqualTo(202);
        String location = opened.headers().firstValue("Location").orElseThrow();
        await().atMost(TIMEOUT)
                .until(() -> get(location, as(ORGANISER))
                        .json()
                        .get("state")
                        .asString()
                        .equals("done"));
        return get(location, as(ORGANISER)).json();
    }

    @Test
    void the_signatures_of_a_network_are_removed_whatever_their_domains() {
        signFrom("198.51.100.7", "one@one.test");
        signFrom("198.51.100.99", "two@gmail.com");
        signFrom("198.51.101.7", "three@one.test");
        signFrom("2001:db8:1:1::7", "four@one.test");
        signFrom("2001:db8:1:2::7", "five@one.test");
        awaitSignals(5);
        assertThat(takenFrom("198.51.100.200"))
                .as("an address means its /24")
                .containsExactly("o…@one.test", "t…@gmail.com");
        assertThat(takenFrom("198.51.100.0/23")).hasSize(3);
        assertThat(takenFrom("2001:db8:1:1::/64")).containsExactly("f…@one.test");
        assertThat(takenFrom("2001:db8:1::/48")).hasSize(2);
        assertThat(takenFrom("2001:db8:1:0::/56")).hasSize(2);
        assertThat(takenFrom("203.0.113.0/24", "198.51.101.0/24")).containsExactly("t…@one.test");
        assertThat(taken("{\"networks\":[\"198.51.100.0/24\"],\"domains\":[\"one.test\"]}"))
                .as("all criteria must hold")
                .containsExactly("o…@one.test");

        JsonNode ended = done("{\"networks\":[\"198.51.100.0/24\"]}");
        assertThat(ended.get("matched").asLong()).isEqualTo(2);
        assertThat(ended.get("invalidated").asLong()).isEqualTo(2);
        assertThat(takenFrom("198.51.100.0/23")).containsExactly("t…@one.test");
    }

    @Test
    void the_networks_of_a_case_are_neither_stored_nor_shown() {
        signFrom("198.51.100.7", "one@one.test");
        awaitSignals(1);
        JsonNode ended = done("{\"networks\":[\"198.51.100.0/24\"]}");
        assertThat(ended.get("criteria").toString())
                .contains("\"networkCount\":1")
                .doesNotContain("198.51");
        assertThat(database.sql("select count(*) from signing_signal_wanted")
                        .query(Integer.class)
                        .single())
                .as("the hashes are gone once the signatures are chosen")
                .isZero();
        assertThat(database.sql("select c::text from invalidation_case c")
                        .query(String.class)
                        .list())
                .noneMatch(row -> row.contains("198.51"));
        assertThat(database.sql("select convert_from(data, 'UTF8') from event")
                        .query(String.class)
                        .list())
                .noneMatch(data -> data.contains("198.51"));
    }

    @Test
    void signatures_without_signals_are_not_taken_and_the_preview_says_so() {
        signFrom("198.51.100.7", "one@one.test");
        signFrom("198.51.100.7", "two@one.test");
        awaitSignals(2);
        JsonNode before = preview("{\"networks\":[\"198.51.100.0/24\"]}");
        assertThat(before.get("matches").asLong()).isEqualTo(2);
        assertThat(before.get("signals").get("unknown").asLong()).isZero();
        assertThat(before.get("signals").get("from").asString()).matches("20\\d\\d-\\d\\d-\\d\\dT00:00:00Z");
        database.sql("delete from signing_signal where stream = (select min(stream::text)::uuid from signing_signal s "
                        + "join petition_name p on p.id = s.petition where p.slug = ?)")
                .param(petition)
                .update();
        JsonNode after = preview("{\"networks\":[\"198.51.100.0/24\"]}");
        assertThat(after.get("matches").asLong()).isEqualTo(1);
        assertThat(after.get("signals").get("unknown").asLong()).isEqualTo(1);
        assertThat(preview("{\"domains\":[\"one.test\"]}").has("signals")).isFalse();
    }

    @Test
    void who_signs_again_with_the_address_of_somebody_else_does_not_get_them_removed() {
        signFrom("203.0.113.7", "honest@one.test");
        awaitSignals(1);
        signFrom("198.51.100.7", "honest@one.test");
        awaitSignals(2);
        String signature = onlySignature(petition);
        withToken("verify", mailData(signature, 1).confirmToken());
        assertThat(taken("{\"networks\":[\"198.51.100.0/24\"],\"states\":[\"verified\"]}"))
                .isEmpty();
    }

    private String formTime() {
        return Jsoup.parse(get("/petitions/" + petition).body())
                .select("form#sign input[name=form]")
                .attr("value");
    }

    @Test
    void the_signatures_of_forms_that_were_sent_at_once_are_removed() throws InterruptedException {
        String slow = formTime();
        Thread.sleep(3_100);
        signFrom("198.51.100.7", "person@one.test", Map.of("form", slow));
        signFrom("198.51.100.7", "bot@one.test", Map.of("form", formTime()));
        signFrom("198.51.100.7", "unknown@one.test");
        awaitSignals(3);
        assertThat(taken("{\"formSeconds\":3}")).containsExactly("b…@one.test");
        assertThat(taken("{\"formSeconds\":\"600\"}")).containsExactly("b…@one.test", "p…@one.test");
        assertThat(done("{\"formSeconds\":3}").get("matched").asLong()).isEqualTo(1);
    }

    @Test
    void what_was_released_by_mistake_is_removed_by_its_rule() {
        signFrom("198.51.100.7", "early@town.test");
        rules(HOLD_TOWN);
        signFrom("198.51.100.7", "one@town.test");
        signFrom("198.51.100.7", "two@town.test");
        signFrom("198.51.100.7", "three@village.test");
        assertThat(wrongField("{\"rule\":\"hold-domain:town.test\"}"))
                .as("nothing was released")
                .isEqualTo("criteria.rule");
        post("/api/petitions/" + petition + "/held/release", "{\"rule\":\"hold-domain:town.test\"}", as(ORGANISER));
        String byRule = "{\"rule\":\"hold-domain:town.test\"}";
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(taken(byRule)).containsExactly("o…@town.test", "t…@town.test"));

        Document held = Jsoup.parse(
                get("/organise/petitions/" + petition + "/held", as(ORGANISER)).body());
        String link = held.select("a:contains(Remove them)").attr("href");
        Document form = Jsoup.parse(get(link, as(ORGANISER)).body());
        assertThat(form.select("#rule option[selected]").attr("value")).isEqualTo("hold-domain:town.test");
        assertThat(done(byRule).get("invalidated").asLong()).isEqualTo(2);
    }

    @Test
    void the_rule_of_a_released_call_goes_with_the_signals_of_its_day() {
        rules(HOLD_TOWN);
        signFrom("198.51.100.7", "one@town.test");
        post("/api/petitions/" + petition + "/held/release", "{\"rule\":\"hold-domain:town.test\"}", as(ORGANISER));
        String count = "select count(*) from signing_signal_release r join petition_name p on p.id = r.petition "
                + "where p.slug = ?";
        assertThat(database.sql(count).param(petition).query(Integer.class).single())
                .isEqualTo(1);
        await().atMost(TIMEOUT)
                .until(() -> preview("{\"rule\":\"hold-domain:town.test\"}")
                                .get("matches")
                                .asLong()
                        == 1);
        database.sql("update signing_signal_release set day = ?")
                .param(LocalDate.now(ZoneOffset.UTC).minusDays(14))
                .update();
        database.sql("select keep_signals(14)").query((row, number) -> 1).list();
        assertThat(database.sql(count).param(petition).query(Integer.class).single())
                .isZero();
        assertThat(wrongField("{\"rule\":\"hold-domain:town.test\"}")).isEqualTo("criteria.rule");
    }

    @Test
    void an_erasure_deletes_what_is_known_about_a_released_call() {
        rules(HOLD_TOWN);
        signFrom("198.51.100.7", "one@town.test");
        post("/api/petitions/" + petition + "/held/release", "{\"rule\":\"hold-domain:town.test\"}", as(ORGANISER));
        await().atMost(TIMEOUT)
                .until(() ->
                        preview("{\"states\":[\"pending\"]}").get("matches").asLong() == 1);
        post("/api/signatures/" + onlySignature(petition) + "/erase", "", as(ORGANISER));
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(database.sql("""
                                select count(*) from signing_signal_release r
                                join petition_name p on p.id = r.petition where p.slug = ?""")
                                .param(petition)
                                .query(Integer.class)
                                .single())
                        .isZero());
    }

    /** 120 people with addresses of a provider, and 60 addresses of one domain. */
    private void attack() {
        for (int i = 0; i < 120; i++) {
            signFrom("10." + i + ".0.1", "sona.petrosyan" + i + "@gmail.com");
        }
        for (int i = 0; i < 60; i++) {
            signFrom("11." + i + ".0.1", "bot" + i + "@mail" + i / 5 + ".evil.test");
        }
    }

    /** Calls that the service held because it found the attack before its end. */
    private long held() {
        return database.sql("select count(*) from held_signing h join petition_name p on p.id = h.petition "
                        + "where p.slug = ?")
                .param(petition)
                .query(Long.class)
                .single();
    }

    private JsonNode awaitAttack() {
        String path = "/api/petitions/" + petition + "/attacks";
        await().atMost(TIMEOUT).until(() -> !get(path, as(ORGANISER)).json().isEmpty());
        JsonNode attacks = get(path, as(ORGANISER)).json();
        assertThat(attacks).hasSize(1);
        return attacks.get(0);
    }

    @Test
    void a_case_for_an_attack_takes_what_matches_its_anomalies_and_nobody_else() {
        signFrom("12.0.0.1", "person@village.test");
        attack();
        JsonNode attack = awaitAttack();
        String since = attack.get("since").asString();
        assertThat(attack.get("kinds").get(0).asString()).isEqualTo("domain");
        assertThat(attack.get("until").isNull()).isTrue();

        Document page = Jsoup.parse(
                get("/organise/petitions/" + petition, as(ORGANISER)).body());
        String link = page.select(".attack a").attr("href");
        assertThat(page.select(".attack a").text()).isEqualTo("Open a case for this attack");
        Document form = Jsoup.parse(get(link, as(ORGANISER)).body());
        assertThat(form.select("#attack option[selected]").attr("value")).isEqualTo(since);
        assertThat(form.select("#reason").attr("value")).contains(since);
        assertThat(form.text()).contains("Those of today reach back to");

        String criteria = "{\"attack\":\"" + since + "\"}";
        assertThat(preview(criteria).get("matches").asLong()).isEqualTo(60 - held());
        assertThat(taken(criteria)).allMatch(address -> address.endsWith(".evil.test"));
        assertThat(done(criteria).get("invalidated").asLong()).isEqualTo(60 - held());
        assertThat(preview("{\"domains\":[\"gmail.com\",\"village.test\"]}")
                        .get("matches")
                        .asLong())
                .isEqualTo(121);
    }

    @Test
    void an_attack_that_has_ended_can_still_be_undone_until_its_signals_expire() {
        attack();
        String since = awaitAttack().get("since").asString();
        String criteria = "{\"attack\":\"" + since + "\"}";
        database.sql("update signing_attack a set until = now() from petition_name p where p.id = a.petition and "
                        + "p.slug = ?")
                .param(petition)
                .update();
        Document page = Jsoup.parse(
                get("/organise/petitions/" + petition, as(ORGANISER)).body());
        assertThat(page.select("section[aria-labelledby=attacks] a").attr("href"))
                .contains(URLEncoder.encode(since, StandardCharsets.UTF_8).substring(0, 10));
        long matches = 60 - held();
        assertThat(preview(criteria).get("matches").asLong()).isEqualTo(matches);
        signFrom("12.0.0.1", "later@evil.test");
        assertThat(preview(criteria).get("matches").asLong())
                .as("after the attack")
                .isEqualTo(matches);
        database.sql("delete from signing_attack a using petition_name p where p.id = a.petition and p.slug = ?")
                .param(petition)
                .update();
        assertThat(wrongField(criteria)).isEqualTo("criteria.attack");
    }

    @Test
    void one_network_with_many_providers_is_removed_by_its_attack() {
        for (int i = 0; i < 100; i++) {
            signFrom("10." + i + ".0.1", "sona.petrosyan" + i + "@gmail.com");
        }
        for (int i = 0; i < 50; i++) {
            signFrom("198.51.100." + i, "qzxkwjvbfh" + (char) ('a' + i % 26) + i + "w@gmail.com");
        }
        String since = awaitAttack().get("since").asString();
        awaitSignals(150);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(preview("{\"attack\":\"" + since + "\"}")
                                .get("matches")
                                .asLong())
                        .isEqualTo(50 - held()));
    }

    @Test
    void invalid_criteria_are_named() {
        assertThat(wrongField("{\"networks\":[\"198.51.100.0/24\",\"evil.test\"]}"))
                .isEqualTo("criteria.networks[1]");
        for (String wrong : List.of("10.0.0.0/8", "2001:db8::/32", "2001:db8::/52", "1.2.3.4/33", "1.2.3.4/", "")) {
            assertThat(wrongField("{\"networks\":[\"" + wrong + "\"]}"))
                    .as(wrong)
                    .isEqualTo("criteria.networks[0]");
        }
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            many.add("10." + i + ".0.0/16");
        }
        assertThat(wrongField("{\"networks\":" + quoted(many) + "}")).isEqualTo("criteria.networks");
        assertThat(wrongField("{\"networks\":[]}")).isEqualTo("criteria.networks");
        for (String wrong : List.of("0", "-1", "3601", "1.5", "\"soon\"")) {
            assertThat(wrongField("{\"formSeconds\":" + wrong + "}")).as(wrong).isEqualTo("criteria.formSeconds");
        }
        assertThat(wrongField("{\"attack\":\"yesterday\"}")).isEqualTo("criteria.attack");
        assertThat(wrongField("{\"attack\":\"2020-01-01T00:00:00Z\"}")).isEqualTo("criteria.attack");
        assertThat(wrongField("{\"rule\":\"limit-nothing\"}")).isEqualTo("criteria.rule");
        assertThat(get("/api/petitions/" + petition + "/attacks").status()).isEqualTo(401);
        assertThat(get("/api/petitions/" + petition + "/attacks", as(AUDITOR)).status())
                .isEqualTo(403);
    }
}
