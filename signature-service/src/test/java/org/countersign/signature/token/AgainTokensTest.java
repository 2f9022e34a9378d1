package org.countersign.signature.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureId;
import org.countersign.support.keys.KeyRing;
import org.junit.jupiter.api.Test;

class AgainTokensTest {

    private static final Instant NOON = Instant.parse("2030-05-01T12:00:00Z");
    private static final PetitionSlug PETITION = new PetitionSlug("bench");
    private static final SignatureId SIGNATURE = new SignatureId(UUID.randomUUID());

    private static AgainTokens tokens(String keys) {
        return new AgainTokens(KeyRing.parse("TEST", keys));
    }

    private static String key(int number, int content) {
        byte[] key = new byte[32];
        key[0] = (byte) content;
        return number + ":" + Base64.getEncoder().encodeToString(key);
    }

    @Test
    void a_token_names_its_signature_for_an_hour() {
        AgainTokens tokens = tokens(key(1, 1));
        String token = tokens.make(PETITION, SIGNATURE, NOON);
        assertThat(tokens.read(PETITION, token, NOON.plusSeconds(3599))).contains(SIGNATURE);
        assertThat(tokens.read(PETITION, token, NOON.plusSeconds(3600))).isEmpty();
        assertThat(tokens(key(2, 2) + " " + key(1, 1)).read(PETITION, token, NOON))
                .contains(SIGNATURE);
    }

    @Test
    void a_token_tells_nobody_whose_it_is() {
        AgainTokens tokens = tokens(key(1, 1));
        byte[] token = Base64.getUrlDecoder().decode(tokens.make(PETITION, SIGNATURE, NOON));
        byte[] again = Base64.getUrlDecoder().decode(tokens.make(PETITION, SIGNATURE, NOON));
        assertThat(token).isNotEqualTo(again).hasSameSizeAs(again);
    }

    @Test
    void a_forged_token_and_one_of_another_petition_are_refused() {
        AgainTokens tokens = tokens(key(1, 1));
        String token = tokens.make(PETITION, SIGNATURE, NOON);
        assertThat(tokens.read(new PetitionSlug("other"), token, NOON)).isEmpty();
        assertThat(tokens(key(1, 2)).read(PETITION, token, NOON)).isEmpty();
        assertThat(tokens(key(2, 1)).read(PETITION, token, NOON)).isEmpty();
        for (String text : new String[] {null, "", "x", token + "A", "!".repeat(token.length())}) {
            assertThat(tokens.read(PETITION, text, NOON)).isEmpty();
        }
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, i) + other + token.substring(i + 1);
            // The last character has bits that are not used.
            if (i < token.length() - 1) {
                assertThat(tokens.read(PETITION, changed, NOON)).isEmpty();
            }
        }
    }
}
