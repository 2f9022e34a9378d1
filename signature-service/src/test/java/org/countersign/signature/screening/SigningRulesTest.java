package org.countersign.signature.screening;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SigningRules;
import org.countersign.signature.RunningService;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** How an organiser reads and changes signing rules. */
class SigningRulesTest extends RunningService {

    private static final String WHOLE = """
            {"allow":{"domains":["Uni.example"],"networks":["192.0.2.0/24"]},
             "hold":{"domains":["*.evil.test","*.bücher.test"],"networks":["2001:db8::/32"]},
             "block":{"domains":[],"networks":["203.0.113.7"]},
             "limits":{"network":{"burst":5,"perMinute":0},"domain":{"burst":9,"perMinute":3},"petition":null},
             "reason":"a bot signs from one domain"}""";

    @Autowired
    private EventLog log;

    private HttpProbe.Response change(String petition, String rules, String... credentials) {
        return new HttpProbe(port).sendJson("PUT", "/api/petitions/" + petition + "/rules", rules, credentials);
    }

    private JsonNode rules(String petition) {
        return get("/api/petitions/" + petition + "/rules", as(ORGANISER)).json();
    }

    @Test
    void a_petition_begins_with_the_default_rules() {
        JsonNode rules = rules(publishedPetition());
        assertThat(rules.get("limits").toString())
                .isEqualTo("{\"network\":null,\"domain\":{\"burst\":5,\"perMinute\":2},\"petition\":null}");
        assertThat(rules.get("hold").toString()).isEqualTo("{\"domains\":[],\"networks\":[]}");
    }

    @Test
    void a_change_replaces_the_whole_set_and_is_an_event_with_actor_and_reason() {
        String petition = publishedPetition();
        HttpProbe.Response changed = change(petition, WHOLE, as(ORGANISER));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json()).isEqualTo(rules(petition));
        assertThat(rules(petition).get("allow").get("domains").toString()).isEqualTo("[\"uni.example\"]");
        assertThat(rules(petition).get("hold").get("domains").toString())
                .isEqualTo("[\"*.evil.test\",\"*.xn--bcher-kva.test\"]");
        String history =
                get("/api/petitions/" + petition + "/history", as(AUDITOR)).body();
        assertThat(history).contains("SigningRulesChanged", "\"actor\":\"organiser\"", "a bot signs from one domain");
        change(petition, "{\"limits\":{},\"reason\":\"it is over\"}", as(ORGANISER));
        assertThat(rules(petition).toString())
                .isEqualTo("{\"allow\":{\"domains\":[],\"networks\":[]},\"hold\":{\"domains\":[],\"networks\":[]},"
                        + "\"block\":{\"domains\":[],\"networks\":[]},"
                        + "\"limits\":{\"network\":null,\"domain\":null,\"petition\":null}}");
    }

    @Test
    void the_rules_are_there_after_a_restart() {
        String petition = publishedPetition();
        change(petition, WHOLE, as(ORGANISER));
        RuleBook restarted = new RuleBook(log);
        assertThat(restarted.of(new PetitionSlug(petition))).isEqualTo(SigningRules.DEFAULT);
        restarted.refresh();
        assertThat(restarted.of(new PetitionSlug(petition)).hold().domains()).contains("*.evil.test");
    }

    @Test
    void a_mistake_is_answered_with_its_field() {
        String petition = publishedPetition();
        Map<String, String> wrong = Map.of(
                "{\"hold\":{\"domains\":[\"ok.test\",\"no domain\"]},\"limits\":{},\"reason\":\"r\"}",
                        "hold.domains[1]",
                "{\"hold\":{\"domains\":[\"*\"]},\"limits\":{},\"reason\":\"r\"}", "hold.domains[0]",
                "{\"block\":{\"networks\":[\"10.0.0.0/33\"]},\"limits\":{},\"reason\":\"r\"}", "block.networks[0]",
                "{\"allow\":{\"networks\":[null]},\"limits\":{},\"reason\":\"r\"}", "allow.networks[0]",
                "{\"limits\":{\"domain\":{\"burst\":-1,\"perMinute\":1}},\"reason\":\"r\"}", "limits.domain.burst",
                "{\"limits\":{\"network\":{\"burst\":1}},\"reason\":\"r\"}", "limits.network.perMinute",
                "{\"limits\":{}}", "reason",
                "{\"reason\":\"r\"}", "limits");
        wrong.forEach((body, field) -> {
            HttpProbe.Response refused = change(petition, body, as(ORGANISER));
            assertThat(refused.status()).as(body).isEqualTo(422);
            assertThat(refused.json().get("errors").get(0).get("field").asString())
                    .isEqualTo(field);
        });
        assertThat(change(petition, "{\"hold\":", as(ORGANISER)).status()).isEqualTo(400);
        assertThat(change("no-such-petition", WHOLE, as(ORGANISER)).status()).isEqualTo(404);
    }

    @Test
    void only_the_organiser_sees_and_changes_rules() {
        String petition = publishedPetition();
        assertThat(change(petition, WHOLE).status()).isEqualTo(401);
        assertThat(change(petition, WHOLE, as(AUDITOR)).status()).isEqualTo(403);
        assertThat(get("/api/petitions/" + petition + "/rules", as(AUDITOR)).status())
                .isEqualTo(403);
    }

    @Test
    void a_pattern_stands_for_subdomains_and_not_for_the_domain_itself() {
        DomainGlob glob = DomainGlob.parse("*.Evil.test");
        assertThat(List.of("a.evil.test", "a.b.evil.test")).allMatch(glob::matches);
        assertThat(List.of("evil.test", ".evil.test", "a.evil.test.org", "notevil.test"))
                .noneMatch(glob::matches);
        assertThat(DomainGlob.parse("mail-*.test").matches("mail-17.test")).isTrue();
        assertThat(DomainGlob.parse("a*b*c.test").matches("axxbxxc.test")).isTrue();
        assertThat(DomainGlob.parse("a*b*c.test").matches("axxbxx.test")).isFalse();
    }

    @Test
    void subdomains_share_the_limit_of_the_domain_that_its_owner_registered() {
        MailDomains domains = new MailDomains();
        assertThat(domains.registered("a1.evil.test")).isEqualTo("evil.test");
        assertThat(domains.registered("x.a1.evil.example")).isEqualTo("evil.example");
        assertThat(domains.registered("a1.evil.co.uk")).isEqualTo("evil.co.uk");
        assertThat(domains.registered("evil.co.uk")).isEqualTo("evil.co.uk");
        assertThat(domains.registered("mine.duckdns.org")).isEqualTo("duckdns.org");
        assertThat(domains.registered("a.xn--bcher-kva.de")).isEqualTo("xn--bcher-kva.de");
    }

    @Test
    void addresses_of_a_mail_provider_and_of_a_university_have_nothing_else_in_common() {
        MailDomains domains = new MailDomains();
        assertThat(List.of("gmail.com", "students.old-town.edu", "old-town.edu.au", "cs.old-town.ac.uk"))
                .allMatch(domains::isShared);
        assertThat(List.of("evil.test", "edu.evil.test", "a.edu.evil.com", "ac.uk.evil.co.uk", "edu", "ac.evil.org"))
                .noneMatch(domains::isShared);
    }
}
