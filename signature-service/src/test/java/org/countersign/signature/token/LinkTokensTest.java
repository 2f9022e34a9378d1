package org.countersign.signature.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.personaldata.KeyRing;
import org.junit.jupiter.api.Test;

class LinkTokensTest {

    private static final Instant NOON = Instant.parse("2030-05-01T12:00:00Z");
    private static final UUID SIGNATURE = UUID.randomUUID();
    private static final String OLD_KEY = "1:" + Base64.getEncoder().encodeToString(new byte[32]);
    private static final String NEW_KEY =
            "2:" + Base64.getEncoder().encodeToString("another key of thirty-two bytes.".getBytes());

    private static LinkTokens tokens(String keys, Instant now) {
        return new LinkTokens(KeyRing.parse("TEST", keys), Clock.fixed(now, ZoneOffset.UTC));
    }

    private final LinkTokens tokens = tokens(OLD_KEY, NOON);
    private final String token = tokens.make(LinkPurpose.VERIFY, SIGNATURE, 40_000, NOON.plus(Duration.ofDays(7)));

    @Test
    void says_what_it_was_made_for() {
        assertThat(tokens.read(LinkPurpose.VERIFY, token)).isEqualTo(new LinkToken(SIGNATURE, 40_000));
        assertThat(token).matches("[A-Za-z0-9_-]{52}");
    }

    @Test
    void is_the_same_each_time_it_is_made() {
        assertThat(tokens.make(LinkPurpose.VERIFY, SIGNATURE, 40_000, NOON.plus(Duration.ofDays(7))))
                .isEqualTo(token);
    }

    @Test
    void is_worth_nothing_for_another_purpose() {
        assertThatThrownBy(() -> tokens.read(LinkPurpose.WITHDRAW, token)).isInstanceOf(InvalidFieldsException.class);
    }

    @Test
    void is_worth_nothing_if_any_bit_of_it_is_altered() {
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] altered = bytes.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(altered);
            assertThatThrownBy(() -> tokens.read(LinkPurpose.VERIFY, text)).isInstanceOf(InvalidFieldsException.class);
        }
    }

    @Test
    void is_refused_if_it_is_no_token_at_all() {
        for (String text : java.util.Arrays.asList(
                null, "", "x", token + "A", token.substring(1), "ä".repeat(52), " ".repeat(99), "A".repeat(10_000))) {
            assertThatThrownBy(() -> tokens.read(LinkPurpose.VERIFY, text)).isInstanceOf(InvalidFieldsException.class);
        }
    }

    @Test
    void ends_when_its_time_is_over() {
        Instant expiry = NOON.plus(Duration.ofDays(7));
        assertThat(tokens(OLD_KEY, expiry.minusSeconds(1)).read(LinkPurpose.VERIFY, token))
                .isNotNull();
        assertThatThrownBy(() -> tokens(OLD_KEY, expiry).read(LinkPurpose.VERIFY, token))
                .isInstanceOf(Rejection.class);
    }

    @Test
    void outlives_the_rotation_of_the_key_until_the_key_is_dropped() {
        assertThat(tokens(NEW_KEY + " " + OLD_KEY, NOON).read(LinkPurpose.VERIFY, token))
                .isNotNull();
        assertThatThrownBy(() -> tokens(NEW_KEY, NOON).read(LinkPurpose.VERIFY, token))
                .isInstanceOf(InvalidFieldsException.class);
        assertThat(List.of(
                        token,
                        tokens(NEW_KEY, NOON)
                                .make(LinkPurpose.VERIFY, SIGNATURE, 40_000, NOON.plus(Duration.ofDays(7)))))
                .doesNotHaveDuplicates();
    }
}
