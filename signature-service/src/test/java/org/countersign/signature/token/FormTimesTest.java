package org.countersign.signature.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.countersign.events.PetitionSlug;
import org.countersign.support.keys.KeyRing;
import org.junit.jupiter.api.Test;

class FormTimesTest {

    private static final PetitionSlug BENCH = new PetitionSlug("bench");
    private static final Instant NOW = Instant.parse("2030-01-31T12:00:00Z");

    private static String key(int number) {
        byte[] key = new byte[32];
        key[0] = (byte) number;
        return number + ":" + Base64.getEncoder().encodeToString(key);
    }

    private final FormTimes times = new FormTimes(KeyRing.parse("keys", key(1)));
    private final String made = times.make(BENCH, NOW);

    @Test
    void the_time_since_the_page_was_sent_is_known_to_the_second() {
        assertThat(times.secondsOpen(BENCH, made, NOW)).hasValue(0);
        assertThat(times.secondsOpen(BENCH, made, NOW.plusSeconds(95))).hasValue(95);
    }

    @Test
    void a_time_stays_valid_when_the_key_changes() {
        FormTimes rotated = new FormTimes(KeyRing.parse("keys", key(2) + " " + key(1)));
        assertThat(rotated.secondsOpen(BENCH, made, NOW)).hasValue(0);
        assertThat(times.secondsOpen(BENCH, rotated.make(BENCH, NOW), NOW)).isEmpty();
    }

    @Test
    void a_time_of_more_than_eight_hours_ago_counts_as_unknown() {
        Duration most = Duration.ofHours(8);
        assertThat(times.secondsOpen(BENCH, made, NOW.plus(most))).hasValue(28_800);
        assertThat(times.secondsOpen(BENCH, made, NOW.plus(most).plusSeconds(1)))
                .isEmpty();
    }

    @Test
    void a_time_in_the_future_counts_as_unknown_unless_clocks_may_differ_so_much() {
        assertThat(times.secondsOpen(BENCH, made, NOW.minusSeconds(5))).hasValue(0);
        assertThat(times.secondsOpen(BENCH, made, NOW.minusSeconds(6))).isEmpty();
    }

    @Test
    void a_forged_time_counts_as_unknown() {
        for (int i = 0; i < made.length(); i++) {
            char other = made.charAt(i) == 'A' ? 'Q' : 'A';
            String forged = made.substring(0, i) + other + made.substring(i + 1);
            assertThat(times.secondsOpen(BENCH, forged, NOW)).isEmpty();
        }
        assertThat(times.secondsOpen(BENCH, null, NOW)).isEmpty();
        assertThat(times.secondsOpen(BENCH, "", NOW)).isEmpty();
        assertThat(times.secondsOpen(BENCH, "****************é*", NOW)).isEmpty();
        assertThat(times.secondsOpen(new PetitionSlug("other"), made, NOW)).isEmpty();
    }
}
