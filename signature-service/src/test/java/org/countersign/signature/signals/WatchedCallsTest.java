package org.countersign.signature.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.countersign.events.EventType;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Sign calls of many mail domains with one owner are held until they can be judged. */
@TestPropertySource(
        properties = {
            "countersign.limit.exempt=",
            "countersign.limit.per-minute=0",
            "countersign.trusted-proxies=127.0.0.0/8,::1"
        })
class WatchedCallsTest extends RunningService {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int UNWATCHED = 20;
    private static final String WATCHED = "watch-domain";
    private static final String ANOMALY = "anomaly-domain";

    @Autowired
    private WatchedCalls watched;

    private void sign(String petition, String email, String country, String network) {
        assertThat(post(
                                "/api/petitions/" + petition + "/signatures",
                                JSON.writeValueAsString(Map.of("name", "Sona", "email", email, "country", country)),
                                "X-Forwarded-For",
                                network)
                        .status())
                .isEqualTo(202);
    }

    private void signFromOwnDomains(String petition, int count, String country) {
        for (int i = 0; i < count; i++) {
            sign(petition, "sona@family-" + i + ".test", country, i % 200 + "." + i + ".0.1");
        }
    }

    private long held(String petition, String rule) {
        return database.sql("""
                        select count(*) from held_signing h join petition_name p on p.id = h.petition
                        where p.slug = ? and h.rule = ?""").params(petition, rule).query(Long.class).single();
    }

    private long signed(String petition) {
        return database.sql("""
                        select count(*) from event e join petition_name p on p.id = e.petition
                        where p.slug = ? and e.type = ?""")
                .params(petition, EventType.PETITION_SIGNED.code())
                .query(Long.class)
                .single();
    }

    @Test
    void honest_signers_with_a_domain_of_their_own_are_released_without_an_organiser() {
        String petition = publishedPetition();
        signFromOwnDomains(petition, UNWATCHED, "AM");
        assertThat(held(petition, WATCHED)).isZero();
        sign(petition, "sona@one-more.test", "AM", "100.1.0.1");
        sign(petition, "sona@gmail.com", "AM", "100.1.0.1");
        assertThat(held(petition, WATCHED)).isEqualTo(1);
        watched.settle(Duration.ofMinutes(1));
        assertThat(held(petition, WATCHED)).as("judged after a minute only").isEqualTo(1);
        watched.settle(Duration.ZERO);
        assertThat(held(petition, WATCHED)).isZero();
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(signed(petition)).isEqualTo(UNWATCHED + 2));
    }

    @Test
    void calls_that_an_attack_explains_stay_held() {
        String petition = publishedPetition();
        for (int i = 0; i < 120; i++) {
            sign(petition, "sona.petrosyan" + i + "@gmail.com", "AM", i + ".7.0.1");
        }
        signFromOwnDomains(petition, UNWATCHED + 40, "VA");
        sign(petition, "sona@honest.test", "AM", "100.1.0.1");
        assertThat(held(petition, WATCHED)).isEqualTo(41);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(database.sql("""
                                        select count(*) from signing_anomaly n
                                        join petition_name p on p.id = n.petition
                                        where p.slug = ? and n.kind = 'domain'""")
                                .param(petition)
                                .query(Long.class)
                                .single())
                        .isEqualTo(UNWATCHED + 40));
        watched.settle(Duration.ZERO);
        assertThat(held(petition, WATCHED)).isZero();
        assertThat(held(petition, ANOMALY)).isEqualTo(40);
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(signed(petition)).isEqualTo(120 + UNWATCHED + 1));
    }

    @Test
    void without_a_limit_per_mail_domain_no_call_is_watched() {
        String petition = publishedPetition();
        assertThat(new HttpProbe(port)
                        .sendJson(
                                "PUT",
                                "/api/petitions/" + petition + "/rules",
                                "{\"limits\":{},\"reason\":\"nobody is judged by the domain\"}",
                                as(ORGANISER))
                        .status())
                .isEqualTo(200);
        signFromOwnDomains(petition, UNWATCHED + 5, "AM");
        assertThat(held(petition, WATCHED)).isZero();
    }
}
