package org.countersign.signature.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.RunningService;
import org.countersign.support.network.TrustedProxies;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** What the service does while a petition is under attack, and what the organiser sees. */
@TestPropertySource(
        properties = {
            "countersign.limit.exempt=",
            "countersign.limit.per-minute=0",
            "countersign.trusted-proxies=127.0.0.0/8,::1"
        })
class AttacksOverHttpTest extends RunningService {

    private static final Optional<InetAddress> CLIENT = TrustedProxies.address("12.0.0.1");
    private static final Duration ALERT_TIME = Duration.ofSeconds(60);
    private static final String NO_LIMITS = "{\"limits\":{},\"reason\":\"only anomalies may hold calls\"}";

    @Autowired
    private AttackBook book;

    private String petitionWithoutLimits() {
        String petition = publishedPetition();
        assertThat(new HttpProbe(port)
                        .sendJson("PUT", "/api/petitions/" + petition + "/rules", NO_LIMITS, as(ORGANISER))
                        .status())
                .isEqualTo(200);
        return petition;
    }

    private void sign(String petition, String email, String network) {
        assertThat(post(
                                "/api/petitions/" + petition + "/signatures",
                                JSON.writeValueAsString(Map.of("name", "Sona", "email", email, "country", "AM")),
                                "X-Forwarded-For",
                                network)
                        .status())
                .isEqualTo(202);
    }

    /** 120 people with addresses of a provider, and 60 addresses of one domain. */
    private void attack(String petition) {
        for (int i = 0; i < 120; i++) {
            sign(petition, "sona.petrosyan" + i + "@gmail.com", "10." + i + ".0.1");
        }
        for (int i = 0; i < 60; i++) {
            sign(petition, "bot" + i + "@mail" + i / 5 + ".evil.test", "11." + i + ".0.1");
        }
    }

    private JsonNode attackOf(String petition) {
        HttpProbe.Response response = get("/api/petitions/" + petition + "/attack", as(ORGANISER));
        assertThat(response.status()).isEqualTo(200);
        return response.json();
    }

    private void awaitAttack(String petition, boolean underAttack) {
        await().atMost(ALERT_TIME)
                .untilAsserted(
                        () -> assertThat(attackOf(petition).get("underAttack").asBoolean())
                                .isEqualTo(underAttack));
    }

    private long held(String petition, String rule) {
        return database.sql("""
                        select count(*) from held_signing h join petition_name p on p.id = h.petition
                        where p.slug = ? and h.rule = ?""").params(petition, rule).query(Long.class).single();
    }

    @Test
    void a_domain_that_attacks_is_held_and_others_are_not() {
        String petition = petitionWithoutLimits();
        assertThat(attackOf(petition).toString()).isEqualTo("{\"underAttack\":false,\"since\":null,\"anomalies\":[]}");
        attack(petition);
        awaitAttack(petition, true);
        JsonNode anomaly = attackOf(petition).get("anomalies").get(0);
        assertThat(anomaly.get("kind").asString()).isEqualTo("domain");
        assertThat(anomaly.get("calls").asInt()).isBetween(25, 60);
        assertThat(Instant.parse(attackOf(petition).get("since").asString()))
                .isAfter(Instant.now().minus(ALERT_TIME.multipliedBy(3)));
        await().atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(
                                management().get("/actuator/prometheus").body())
                        .containsPattern("countersign_petitions_under_attack\\S* [1-9]"));

        // The metric may count the attack of another test.
        book.refresh();
        sign(petition, "late@another.evil.test", "12.0.0.1");
        sign(petition, "honest@gmail.com", "11.1.0.1");
        sign(petition, "honest@village.test", "11.1.0.1");
        assertThat(held(petition, "anomaly-domain")).isEqualTo(1);
        assertThat(held(petition, "proof-of-work")).as("released by themselves").isEqualTo(2);
        String other = petitionWithoutLimits();
        sign(other, "late@evil.test", "12.0.0.1");
        assertThat(held(other, "anomaly-domain")).isZero();
    }

    @Test
    void an_attack_ends_after_half_an_hour_without_anomaly() throws InterruptedException {
        String petition = petitionWithoutLimits();
        attack(petition);
        awaitAttack(petition, true);
        book.refresh();
        assertThat(book.heldBy(new PetitionSlug(petition), "evil.test", CLIENT)).hasValue("anomaly-domain");
        // Until the last calls have been looked at.
        Thread.sleep(Duration.ofSeconds(7).toMillis());
        database.sql("update signing_attack a set seen = seen - interval '31 minutes' from petition_name p "
                        + "where p.id = a.petition and p.slug = ?")
                .param(petition)
                .update();
        awaitAttack(petition, false);
        book.refresh();
        assertThat(book.heldBy(new PetitionSlug(petition), "evil.test", CLIENT)).isEmpty();
    }

    private List<String> reports(String petition) {
        return database.sql("""
                        select convert_from(e.data, 'UTF8') from event e join petition_name p on p.id = e.petition
                        where p.slug = ? and e.type = ?""")
                .params(petition, EventType.SIGNING_ATTACK_DETECTED.code())
                .query(String.class)
                .list();
    }

    @Test
    void the_organiser_hears_of_an_attack_once_an_hour_and_the_event_has_no_hash() {
        String petition = petitionWithoutLimits();
        attack(petition);
        await().atMost(ALERT_TIME)
                .untilAsserted(() -> assertThat(reports(petition)).hasSize(1));
        assertThat(reports(petition).get(0)).matches("\\{\"kinds\":\\[\"domain\"\\],\"percents\":\\[[0-9]+\\]\\}");
        // The next attack within the hour.
        database.sql("update signing_attack set until = now() where until is null")
                .update();
        sign(petition, "late@another.evil.test", "12.0.0.1");
        awaitAttack(petition, true);
        await().pollDelay(Duration.ofSeconds(6))
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(reports(petition)).hasSize(1));
    }

    @Test
    void the_organisers_page_shows_the_attack() {
        String petition = petitionWithoutLimits();
        String path = "/organise/petitions/" + petition;
        assertThat(Jsoup.parse(get(path, as(ORGANISER)).body()).select(".attack"))
                .isEmpty();
        attack(petition);
        awaitAttack(petition, true);
        String banner =
                Jsoup.parse(get(path, as(ORGANISER)).body()).select(".attack").text();
        assertThat(banner).contains("This petition is under attack").contains("one mail domain");
    }

    @Test
    void only_organisers_see_the_attack() {
        String petition = publishedPetition();
        String path = "/api/petitions/" + petition + "/attack";
        assertThat(get(path).status()).isEqualTo(401);
        assertThat(get(path, as(AUDITOR)).status()).isEqualTo(403);
        assertThat(get("/api/petitions/unknown/attack", as(ORGANISER)).status()).isEqualTo(404);
    }
}
