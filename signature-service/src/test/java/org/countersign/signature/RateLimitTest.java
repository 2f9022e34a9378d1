package org.countersign.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** The limit of requests per network, with this test as a trusted proxy. */
@TestPropertySource(
        properties = {
            "countersign.limit.per-minute=10",
            "countersign.limit.exempt=",
            "countersign.trusted-proxies=127.0.0.0/8,::1"
        })
class RateLimitTest extends RunningService {

    private static final int CALLS = 25;
    /** The limit grows by one in six seconds, so that some more may pass on a slow machine. */
    private static final long AT_LEAST_LIMITED = 8;

    private long limited(IntFunction<String> forwardedFor) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            statuses.add(post("/api/signatures/verify", "{}", "X-Forwarded-For", forwardedFor.apply(i))
                    .status());
        }
        assertThat(statuses).containsAnyOf(422).allMatch(status -> status == 422 || status == 429);
        return statuses.stream().filter(status -> status == 429).count();
    }

    @Test
    void one_address_is_limited_and_told_when_to_come_back() {
        assertThat(limited(i -> "203.0.113.1")).isGreaterThan(AT_LEAST_LIMITED);
        assertThat(post("/api/signatures/verify", "{}", "X-Forwarded-For", "203.0.113.1")
                        .headers()
                        .firstValue("Retry-After"))
                .isPresent();
    }

    @Test
    void many_addresses_are_not_limited() {
        assertThat(limited(i -> "203.0.114." + i)).isZero();
        assertThat(limited(i -> "2001:db8:1:" + i + "::1")).isZero();
    }

    @Test
    void short_forms_of_one_64_network_are_limited_together() {
        assertThat(limited(i -> "2001:db8::" + Integer.toHexString(i + 1))).isGreaterThan(AT_LEAST_LIMITED);
    }

    @Test
    void every_form_of_an_ipv4_address_is_limited_together() {
        List<String> forms = List.of(
                "198.51.100.7",
                "::ffff:198.51.100.7",
                "::FFFF:c633:6407",
                "[::ffff:198.51.100.7]:99",
                "198.51.100.7:1234");
        assertThat(limited(i -> forms.get(i % forms.size()))).isGreaterThan(AT_LEAST_LIMITED);
    }

    @Test
    void entries_that_the_client_wrote_itself_change_nothing() {
        assertThat(limited(i -> "10.0.0." + i + ", 192.0.2." + i + ", 203.0.113.9"))
                .isGreaterThan(AT_LEAST_LIMITED);
    }

    @Test
    void calls_of_the_notifier_and_reading_are_not_counted() {
        for (int i = 0; i < CALLS; i++) {
            assertThat(management()
                            .sendJson("POST", "/internal/mail-data", "[]", "Authorization", "Bearer " + INTERNAL)
                            .status())
                    .isEqualTo(200);
            assertThat(get("/", "X-Forwarded-For", "203.0.113.5").status()).isEqualTo(200);
        }
        assertThat(post("/api/signatures/verify", "{}", "X-Forwarded-For", "203.0.113.5")
                        .status())
                .isEqualTo(422);
    }
}
