package org.countersign.signature.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.countersign.events.EventType;
import org.countersign.signature.RunningService;
import org.countersign.signature.domain.signature.HeldWindow;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** What becomes of a sign call that a rule holds. */
@TestPropertySource(
        properties = {
            "countersign.limit.exempt=",
            "countersign.limit.per-minute=0",
            "countersign.trusted-proxies=127.0.0.0/8,::1"
        })
class HeldSubmissionsTest extends RunningService {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String HOLD_EVIL = """
            {"hold":{"domains":["*.evil.test","evil.test"]},"limits":{},"reason":"a bot signs from there"}""";

    @Autowired
    private HeldCalls held;

    private HttpProbe.Response change(String petition, String rules) {
        return new HttpProbe(port).sendJson("PUT", "/api/petitions/" + petition + "/rules", rules, as(ORGANISER));
    }

    private String petitionThatHoldsEvil() {
        String petition = publishedPetition();
        assertThat(change(petition, HOLD_EVIL).status()).isEqualTo(200);
        return petition;
    }

    private JsonNode heldOf(String petition) {
        HttpProbe.Response response = get("/api/petitions/" + petition + "/held", as(ORGANISER));
        assertThat(response.status()).isEqualTo(200);
        return response.json();
    }

    private JsonNode decide(String petition, String decision, Object body) {
        HttpProbe.Response response =
                post("/api/petitions/" + petition + "/held/" + decision, JSON.writeValueAsString(body), as(ORGANISER));
        assertThat(response.status()).isEqualTo(200);
        return response.json();
    }

    private void decideAll(String petition, String decision, String rule, String done, long number) {
        assertThat(decide(petition, decision, Map.of("rule", rule)).get(done).asLong())
                .isEqualTo(number);
    }

    private List<EventType> events(String petition) {
        return database.sql("""
                        select e.type from event e join petition_name p on p.id = e.petition
                        where p.slug = ? and e.type >= ? order by e.global_index""").params(petition, EventType.FIRST_SIGNATURE_CODE).query(Integer.class).list().stream()
                .map(EventType::ofCode)
                .toList();
    }

    private void awaitEvents(String petition, EventType... types) {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(events(petition)).containsExactly(types));
    }

    private long rows(String table, String petition) {
        return database.sql("select count(*) from " + table
                        + " h join petition_name p on p.id = h.petition where p.slug = ?")
                .param(petition)
                .query(Long.class)
                .single();
    }

    private String heldSignature(String petition) {
        return database.sql("""
                        select h.stream::text from held_signing h join petition_name p on p.id = h.petition
                        where p.slug = ?""").param(petition).query(String.class).single();
    }

    private HttpProbe.Response signFrom(String network, String petition, String email) {
        return post(
                "/api/petitions/" + petition + "/signatures", form("Sona Signer", email), "X-Forwarded-For", network);
    }

    /** The answer without what differs between any two answers. */
    private static String answer(HttpProbe.Response response) {
        Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
        headers.keySet().removeAll(List.of("date", "trace-id"));
        return response.status() + " " + HttpHeaders.of(headers, (name, value) -> true) + " " + response.body();
    }

    @Test
    void a_held_call_is_answered_like_any_other_and_is_neither_recorded_nor_mailed() {
        String petition = petitionThatHoldsEvil();
        HttpProbe.Response normal = sign(petition, "honest@example.org");
        HttpProbe.Response bot = sign(petition, "bot@a1.evil.test");
        assertThat(bot.status()).isEqualTo(202);
        assertThat(answer(bot)).isEqualTo(answer(normal));
        assertThat(events(petition)).containsExactly(EventType.PETITION_SIGNED);
        JsonNode found = heldOf(petition);
        assertThat(found.get("rules").get(0).get("rule").asString()).isEqualTo("hold-domain:*.evil.test");
        assertThat(found.get("rules").get(0).get("calls").asLong()).isEqualTo(1);
        assertThat(found.get("calls").get(0).get("address").asString()).isEqualTo("b…@a….test");
        assertThat(found.get("calls").get(0).get("country").asString()).isEqualTo("AM");
        assertThat(found.toString()).doesNotContain("bot@");
    }

    @Test
    void a_released_call_counts_after_the_confirmation_and_keeps_the_time_of_signing() {
        String petition = petitionThatHoldsEvil();
        sign(petition, "late@evil.test");
        Instant signedAt = database.sql("""
                        select h.time from held_signing h join petition_name p on p.id = h.petition
                        where p.slug = ?""")
                .param(petition)
                .query(java.sql.Timestamp.class)
                .single()
                .toInstant();
        JsonNode call = heldOf(petition).get("calls").get(0);
        assertThat(Instant.parse(call.get("at").asString())).isEqualTo(signedAt);
        assertThat(decide(
                                petition,
                                "release",
                                Map.of("ids", List.of(call.get("id").asString())))
                        .get("released")
                        .asLong())
                .isEqualTo(1);
        awaitEvents(petition, EventType.PETITION_SIGNED);
        String signature = onlySignature(petition);
        assertThat(withToken("verify", mailData(signature, 1).confirmToken()).status())
                .isEqualTo(200);
        assertThat(events(petition)).containsExactly(EventType.PETITION_SIGNED, EventType.SIGNATURE_VERIFIED);
        assertThat(database.sql("select time from event where stream = cast(? as uuid) and type = 10")
                        .param(signature)
                        .query(java.sql.Timestamp.class)
                        .single()
                        .toInstant())
                .isEqualTo(signedAt);
        assertThat(rows("held_signing", petition)).isZero();
    }

    @Test
    void all_calls_of_a_rule_and_a_window_of_time_are_released_by_one_action() {
        String petition = petitionThatHoldsEvil();
        for (int i = 0; i < 5; i++) {
            sign(petition, "one" + i + "@evil.test");
            sign(petition, "two" + i + "@sub.evil.test");
        }
        String rule = "hold-domain:evil.test";
        assertThat(decide(petition, "release", Map.of("rule", rule, "to", "2020-01-01T00:00:00Z"))
                        .get("released")
                        .asLong())
                .isZero();
        decideAll(petition, "release", rule, "released", 5);
        await().atMost(TIMEOUT).until(() -> events(petition).size() == 5);
        decideAll(petition, "release", rule, "released", 0);
        assertThat(rows("held_signing", petition)).isEqualTo(5);
        assertThat(held.of(petition, HeldWindow.ALL, 10).rules())
                .extracting(one -> one.rule() + " " + one.calls())
                .containsExactly("hold-domain:*.evil.test 5");
    }

    @Test
    void a_dismissed_call_is_gone_with_its_secret() {
        String petition = petitionThatHoldsEvil();
        sign(petition, "bot@evil.test");
        decideAll(petition, "dismiss", "hold-domain:evil.test", "dismissed", 1);
        assertThat(rows("held_signing", petition)).isZero();
        assertThat(rows("repeated_signing", petition)).isZero();
        assertThat(events(petition)).isEmpty();
    }

    @Test
    void a_call_that_nobody_decides_about_expires_with_its_secret() {
        String petition = petitionThatHoldsEvil();
        sign(petition, "old@evil.test");
        sign(petition, "young@evil.test");
        database.sql("""
                        update held_signing set held_at = held_at - bigint '86400000' * 8 where id = (
                            select h.id from held_signing h join petition_name p on p.id = h.petition
                            where p.slug = ? order by h.time limit 1)""").param(petition).update();
        held.expire();
        assertThat(rows("held_signing", petition)).isEqualTo(1);
    }

    @Test
    void an_organiser_erases_a_person_who_has_only_a_held_call() {
        String petition = petitionThatHoldsEvil();
        sign(petition, "person@evil.test");
        String signature = heldSignature(petition);
        HttpProbe.Response erased = post("/api/signatures/" + signature + "/erase", "", as(ORGANISER));
        assertThat(erased.status()).isEqualTo(200);
        assertThat(erased.json().get("status").asString()).isEqualTo("none");
        assertThat(rows("held_signing", petition)).isZero();
        assertThat(post("/api/signatures/" + signature + "/erase", "", as(ORGANISER))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_withdrawal_or_an_erasure_ends_the_held_calls_of_the_address() {
        for (String end : List.of("withdraw", "erase")) {
            String petition = publishedPetition();
            TestMail mail =
                    signAndConfirm(petition, Map.of("name", "Sona Signer", "email", "sona@evil.test", "country", "AM"));
            assertThat(change(petition, HOLD_EVIL).status()).isEqualTo(200);
            sign(petition, "sona@evil.test");
            assertThat(rows("held_signing", petition)).as(end).isEqualTo(1);
            assertThat(withToken(end, end.equals("erase") ? mail.myDataToken() : mail.withdrawToken())
                            .status())
                    .isEqualTo(200);
            assertThat(rows("held_signing", petition)).as(end).isZero();
        }
    }

    @Test
    void a_repeated_call_of_a_known_address_is_held_as_well_and_a_release_sends_the_mail() {
        String petition = publishedPetition();
        signAndConfirm(petition, Map.of("name", "Sona Signer", "email", "sona@evil.test", "country", "AM"));
        assertThat(change(petition, HOLD_EVIL).status()).isEqualTo(200);
        sign(petition, "sona@evil.test");
        assertThat(rows("held_signing", petition)).isEqualTo(1);
        assertThat(events(petition)).containsExactly(EventType.PETITION_SIGNED, EventType.SIGNATURE_VERIFIED);
        decideAll(petition, "release", "hold-domain:evil.test", "released", 1);
        awaitEvents(petition, EventType.PETITION_SIGNED, EventType.SIGNATURE_VERIFIED, EventType.SIGNING_REPEATED);
    }

    @Test
    void blocked_calls_are_released_by_their_ids_only() {
        String petition = publishedPetition();
        change(petition, """
                {"block":{"networks":["2001:db8:bad::/48"]},"allow":{"domains":["example.org"]},"limits":{},
                "reason":"an attack"}""");
        assertThat(signFrom("2001:db8:bad:7::1", petition, "blocked@example.org")
                        .status())
                .isEqualTo(202);
        JsonNode call = heldOf(petition).get("calls").get(0);
        assertThat(call.get("rule").asString()).isEqualTo("block-network:2001:db8:bad::/48");
        HttpProbe.Response all = post(
                "/api/petitions/" + petition + "/held/release",
                "{\"rule\":\"block-network:2001:db8:bad::/48\"}",
                as(ORGANISER));
        assertThat(all.status()).isEqualTo(422);
        assertThat(all.body()).contains("\"rule\"");
        assertThat(decide(
                                petition,
                                "release",
                                Map.of("ids", List.of(call.get("id").asString())))
                        .get("released")
                        .asLong())
                .isEqualTo(1);
    }

    @Test
    void by_default_a_catch_all_domain_from_many_networks_is_held_and_a_public_provider_is_not() {
        String petition = publishedPetition();
        for (int i = 0; i < 60; i++) {
            signFrom("198.51." + i + ".1", petition, "bot" + i + "@b" + i + ".catchall.test");
            signFrom("203.0." + i + ".1", petition, "person" + i + "@gmail.com");
        }
        JsonNode rules = heldOf(petition).get("rules");
        assertThat(rules.size()).isEqualTo(1);
        assertThat(rules.get(0).get("rule").asString()).isEqualTo("limit-domain");
        assertThat(rules.get(0).get("calls").asLong()).isBetween(45L, 55L);
    }

    @Test
    void a_network_over_its_limit_and_a_disposable_domain_are_held() {
        String petition = publishedPetition();
        change(petition, "{\"limits\":{\"network\":{\"burst\":60,\"perMinute\":30}},\"reason\":\"one network\"}");
        for (int i = 0; i < 80; i++) {
            signFrom("198.51.100." + i, petition, "person" + i + "@gmail.com");
        }
        signFrom("203.0.113.1", petition, "any@mailinator.com");
        List<String> rules = new ArrayList<>();
        heldOf(petition).get("rules").forEach(one -> rules.add(one.get("rule").asString()));
        assertThat(rules).containsExactly("limit-network", "disposable");
    }

    @Test
    void neither_table_names_a_network_or_a_domain_of_a_signer() {
        String petition = publishedPetition();
        for (int i = 0; i < 30; i++) {
            signFrom("198.51.100." + i, petition, "bot" + i + "@invisible-domain.test");
        }
        await().atMost(TIMEOUT)
                .until(() -> database.sql("select count(*) from signing_rate")
                                .query(Long.class)
                                .single()
                        > 0);
        assertThat(database.sql("""
                        select string_agg(t, ' ') from (select h::text as t from held_signing h
                            union all select r::text from signing_rate r) texts""").query(String.class).single())
                .contains("limit-domain")
                .doesNotContain("invisible-domain", "198.51.100");
    }

    @Test
    void wrong_decisions_are_answered_with_the_field_and_reads_leave_an_entry() {
        String petition = publishedPetition();
        for (Map.Entry<String, String> wrong : Map.of(
                        "{\"ids\":[\"x\"]}", "ids[0]",
                        "{\"ids\":[]}", "ids",
                        "{}", "rule",
                        "{\"rule\":\"limit-domain\",\"from\":\"yesterday\"}", "from")
                .entrySet()) {
            for (String decision : List.of("release", "dismiss")) {
                HttpProbe.Response refused =
                        post("/api/petitions/" + petition + "/held/" + decision, wrong.getKey(), as(ORGANISER));
                assertThat(refused.status()).isEqualTo(422);
                assertThat(refused.json().get("errors").get(0).get("field").asString())
                        .isEqualTo(wrong.getValue());
            }
        }
        assertThat(get("/api/petitions/" + petition + "/held?limit=0", as(ORGANISER))
                        .status())
                .isEqualTo(422);
        heldOf(petition);
        assertThat(database.sql("select count(*) from access_log where action = 'read held signings' and object = ?")
                        .param(petition)
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void held_calls_are_counted_by_reason() {
        String petition = petitionThatHoldsEvil();
        sign(petition, "bot@evil.test");
        assertThat(management().get("/actuator/prometheus").body())
                .containsPattern("countersign_signings_held_total\\{reason=\"hold-domain\"\\} [1-9]")
                .contains("countersign_signings_waiting");
    }

    @Test
    void a_held_call_gets_no_mail_when_it_is_asked_for_again() {
        String petition = petitionThatHoldsEvil();
        sign(petition, "bot@a1.evil.test");
        database.sql("insert into mail_again (signature) values (cast(? as uuid))")
                .param(heldSignature(petition))
                .update();
        await().atMost(TIMEOUT)
                .until(() -> database.sql("select count(*) from mail_again")
                                .query(Long.class)
                                .single()
                        == 0);
        assertThat(events(petition)).isEmpty();
        assertThat(rows("held_signing", petition)).isEqualTo(1);
    }
}
