package org.countersign.counting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.countersign.events.CountryCode;
import org.countersign.events.SignatureStatus;
import org.junit.jupiter.api.Test;

class SignatureStatusesTest {

    private static final CountryCode COUNTRY = new CountryCode("AM");
    private final SignatureStatuses statuses = new SignatureStatuses();

    private static StatusTransition move(SignatureStatus was, SignatureStatus becomes) {
        return new StatusTransition(was, becomes, COUNTRY);
    }

    @Test
    void a_signature_that_is_confirmed_again_and_again_is_found() {
        UUID sona = UUID.randomUUID();
        assertThat(statuses.follow(sona, move(SignatureStatus.NONE, SignatureStatus.PENDING)))
                .isEmpty();
        assertThat(statuses.follow(sona, move(SignatureStatus.PENDING, SignatureStatus.VERIFIED)))
                .isEmpty();
        assertThat(statuses.follow(sona, move(SignatureStatus.PENDING, SignatureStatus.VERIFIED)))
                .contains(SignatureStatus.VERIFIED);
    }

    @Test
    void a_signature_begins_with_none() {
        assertThat(statuses.follow(UUID.randomUUID(), move(SignatureStatus.PENDING, SignatureStatus.VERIFIED)))
                .contains(SignatureStatus.NONE);
    }

    @Test
    void follows_a_hundred_thousand_signatures_like_a_map() {
        Random random = new Random(7);
        List<SignatureStatus> all = List.of(SignatureStatus.values());
        Map<UUID, SignatureStatus> expected = new HashMap<>();
        UUID[] ids = new UUID[100_000];
        for (int i = 0; i < ids.length; i++) {
            // One id has no bits at all.
            ids[i] = i == 0 ? new UUID(1, 0) : new UUID(random.nextLong(), random.nextLong());
        }
        for (int i = 0; i < 300_000; i++) {
            UUID id = ids[random.nextInt(ids.length)];
            StatusTransition move = move(all.get(random.nextInt(all.size())), all.get(random.nextInt(all.size())));
            SignatureStatus before = expected.getOrDefault(id, SignatureStatus.NONE);
            expected.put(id, move.becomes());
            if (move.was() == before) {
                assertThat(statuses.follow(id, move)).isEmpty();
            } else {
                assertThat(statuses.follow(id, move)).contains(before);
            }
        }
        assertThat(statuses.size()).isEqualTo(expected.size());
    }
}
