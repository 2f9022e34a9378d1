package org.countersign.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** The limit of requests per network without a trusted proxy. */
@TestPropertySource(properties = {"countersign.limit.per-minute=10", "countersign.limit.exempt="})
class SpoofedAddressTest extends RunningService {

    @Test
    void a_private_caller_that_names_other_addresses_is_limited() {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            statuses.add(post(
                            "/api/signatures/verify",
                            "{}",
                            "X-Forwarded-For",
                            "203.0.113." + i,
                            "Forwarded",
                            "for=203.0.113." + i,
                            "X-Real-IP",
                            "203.0.113." + i)
                    .status());
        }
        assertThat(statuses.stream().filter(status -> status == 429).count()).isGreaterThan(8);
    }
}
