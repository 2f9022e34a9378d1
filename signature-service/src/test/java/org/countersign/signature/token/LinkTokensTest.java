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
import org.countersign.support.keys.KeyRing;
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
    void returns_subject_and_round() {
        assertThat(tokens.read(LinkPurpose.VERIFY, token)).isEqualTo(new LinkToken(SIGNATURE, 40_000));
        assertThat(token).matches("[A-Za-z0-9_-]{52}");
    }

    @Test
    void equal_arguments_give_equal_tokens() {
        assertThat(tokens.make(LinkPurpose.VERIFY, SIGNATURE, 40_000, NOON.plus(Duration.ofDays(7))))
                .isEqualTo(token);
    }

    @Test
    void is_invalid_for_another_purpose() {
        assertThatThrownBy(() -> tokens.read(LinkPurpose.WITHDRAW, token)).isInstanceOf(InvalidFieldsException.class);
    }

    @Test
    void is_invalid_if_any_bit_is_altered() {
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] altered = bytes.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(altered);
            assertThatThrownBy(() -> tokens.read(LinkPurpose.VERIFY, text)).isInstanceOf(InvalidFieldsException.class);
        }
    }

    @Test
    void rejects_text_that_is_not_a_token() {
        for (String text : java.util.Arrays.asList(
                null, "", "x", token + "A", token.substring(1), "ä".repeat(52), " ".repeat(99), "A".repeat(10_000))) {
            assertThatThrownBy(() -> tokens.read(LinkPurpose.VERIFY, text)).isInstanceOf(InvalidFieldsException.class);
        }
    }

    @Test
    void expires() {
        Instant expiry = NOON.plus(Duration.ofDays(7));
        assertThat(tokens(OLD_KEY, expiry.minusSeconds(1)).read(LinkPurpose.VERIFY, token))
                .isNotNull();
        assertThatThrownBy(() -> tokens(OLD_KEY, expiry).read(LinkPurpose.VERIFY, token))
                .isInstanceOf(Rejection.class);
    }

    @Test
    void is_valid_after_key_rotation_until_the_key_is_removed() {
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
