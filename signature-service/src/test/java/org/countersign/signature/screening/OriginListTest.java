package org.countersign.signature.screening;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.countersign.events.SigningRules.RuleList;
import org.countersign.support.network.TrustedProxies;
import org.junit.jupiter.api.Test;

/** Which entry of a list matches a sign call. */
class OriginListTest {

    private static final Optional<InetAddress> CLIENT = TrustedProxies.address("192.0.2.7");

    private static Optional<String> match(String domain, List<String> domains, List<String> networks) {
        return new OriginList(new RuleList(domains, networks)).match(domain, CLIENT);
    }

    private static Optional<String> match(String domain, String... domains) {
        return match(domain, List.of(domains), List.of());
    }

    @Test
    void an_entry_matches_its_domain_its_subdomains_or_its_pattern() {
        assertThat(match("evil.test", "evil.test")).contains("domain:evil.test");
        assertThat(match("a.b.evil.test", "*.evil.test")).contains("domain:*.evil.test");
        assertThat(match("evil.test", "*.evil.test")).isEmpty();
        assertThat(match("notevil.test", "*.evil.test")).isEmpty();
        assertThat(match("evil7.test", "evil*.test")).contains("domain:evil*.test");
        assertThat(match("a.evil.b.test", "*.evil.*.test")).contains("domain:*.evil.*.test");
        assertThat(match("honest.test", "evil*.test", "*.evil.test", "evil.test"))
                .isEmpty();
    }

    @Test
    void a_domain_comes_before_patterns_and_patterns_in_the_order_of_the_list() {
        assertThat(match("a.evil.test", "*.test", "a.evil.test")).contains("domain:a.evil.test");
        assertThat(match("a.evil.test", "*.test", "*.evil.test")).contains("domain:*.test");
        assertThat(match("a.evil.test", "*.evil.test", "*.test")).contains("domain:*.evil.test");
        assertThat(match("a.evil.test", "a.*.test", "*.test")).contains("domain:a.*.test");
        assertThat(match("a.evil.test", "*.test", "a.*.test")).contains("domain:*.test");
    }

    @Test
    void networks_follow_after_domains() {
        List<String> networks = List.of("198.51.100.0/24", "192.0.2.0/24");
        assertThat(match("honest.test", List.of("evil.test"), networks)).contains("network:192.0.2.0/24");
        assertThat(match("evil.test", List.of("evil.test"), networks)).contains("domain:evil.test");
        assertThat(new OriginList(new RuleList(List.of(), networks)).match("honest.test", Optional.empty()))
                .isEmpty();
    }

    @Test
    void a_long_list_matches_what_a_comparison_with_each_pattern_matches() {
        Random random = new Random(21);
        String[] labels = {"a", "b", "evil", "test", "e*l", "*"};
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            patterns.add(labels[random.nextInt(6)] + "." + labels[random.nextInt(6)] + "." + labels[random.nextInt(4)]);
        }
        patterns.removeIf(pattern -> new DomainGlob(pattern).isExact());
        OriginList list = new OriginList(new RuleList(patterns, List.of()));
        for (int i = 0; i < 1000; i++) {
            String domain = "x." + labels[random.nextInt(4)] + "." + labels[random.nextInt(4)] + "."
                    + labels[random.nextInt(4)];
            assertThat(list.match(domain, Optional.empty()))
                    .isEqualTo(patterns.stream()
                            .filter(pattern -> new DomainGlob(pattern).matches(domain))
                            .findFirst()
                            .map("domain:"::concat));
        }
    }
}
