package org.countersign.signature.personaldata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.countersign.events.PetitionSlug;
import org.countersign.support.keys.KeyRing;
import org.junit.jupiter.api.Test;

class RecipientKeysTest {

    private static final KeyRing RING = ring(1);

    private static KeyRing ring(int firstByte) {
        byte[] key = new byte[32];
        key[0] = (byte) firstByte;
        return KeyRing.parse("TEST", "1:" + Base64.getEncoder().encodeToString(key));
    }

    private final RecipientKeys keys = new RecipientKeys(RING);

    private static EmailAddress address(String text) {
        return EmailAddress.parse(text);
    }

    @Test
    void all_spellings_of_a_mailbox_have_one_key() {
        assertThat(keys.of(address("Ann.Example+news@GoogleMail.com")))
                .isEqualTo(keys.of(address("annexample@gmail.com")));
        assertThat(keys.of(address("ann@example.org"))).isNotEqualTo(keys.of(address("bob@example.org")));
        assertThat(keys.ofDomain(address("ann@googlemail.com"))).isEqualTo(keys.ofDomain(address("bob@gmail.com")));
        assertThat(keys.ofDomain(address("ann@example.org"))).isNotEqualTo(keys.ofDomain(address("ann@example.com")));
    }

    @Test
    void a_key_is_no_id_of_a_signature_and_depends_on_the_secret() {
        EmailAddress ann = address("ann@example.org");
        PseudonymousIds ids = new PseudonymousIds(RING);
        assertThat(keys.of(ann))
                .isNotEqualTo(ids.of(new PetitionSlug("address"), ann).value());
        assertThat(keys.of(ann)).isNotEqualTo(new RecipientKeys(ring(2)).of(ann));
    }
}
