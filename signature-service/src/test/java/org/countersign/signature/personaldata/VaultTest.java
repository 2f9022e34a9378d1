package org.countersign.signature.personaldata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.support.keys.KeyRing;
import org.junit.jupiter.api.Test;

class VaultTest {

    private static final PersonalData PERSON =
            new PersonalData("Sona Signer", "sona@example.org", Optional.of("For the shade."), Optional.of("hy"));
    private static final UUID STREAM = UUID.randomUUID();

    private static String key(int number, int fill) {
        byte[] bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) fill);
        return number + ":" + Base64.getEncoder().encodeToString(bytes);
    }

    private final Vault vault = new Vault(KeyRing.parse("TEST", key(1, 5)));

    @Test
    void opens_data_that_it_sealed() {
        Vault.SealedWithSecret sealed = vault.seal(STREAM, PERSON);
        assertThat(vault.open(STREAM, sealed.sealed(), sealed.secret())).isEqualTo(PERSON);
        assertThat(new String(sealed.sealed().bytes(), StandardCharsets.ISO_8859_1))
                .doesNotContain("Sona")
                .doesNotContain("example");
    }

    @Test
    void seals_equal_data_differently_each_time() {
        assertThat(vault.seal(STREAM, PERSON).sealed())
                .isNotEqualTo(vault.seal(STREAM, PERSON).sealed());
    }

    @Test
    void opens_only_with_the_right_secret_key_and_stream() {
        Vault.SealedWithSecret sealed = vault.seal(STREAM, PERSON);
        byte[] otherSecret = vault.seal(STREAM, PERSON).secret();
        assertThatThrownBy(() -> vault.open(STREAM, sealed.sealed(), otherSecret))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> vault.open(UUID.randomUUID(), sealed.sealed(), sealed.secret()))
                .isInstanceOf(IllegalStateException.class);
        Vault otherVault = new Vault(KeyRing.parse("TEST", key(1, 6)));
        assertThatThrownBy(() -> otherVault.open(STREAM, sealed.sealed(), sealed.secret()))
                .isInstanceOf(IllegalStateException.class);
        byte[] altered = sealed.sealed().bytes();
        altered[altered.length - 1] ^= 1;
        assertThatThrownBy(() -> vault.open(STREAM, new Sealed(altered), sealed.secret()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sealed_data_commits_to_its_opening() {
        Vault.SealedWithSecret sealed = vault.seal(STREAM, PERSON);
        assertThat(sealed.secret()).as("key number and salt").hasSize(1 + 32);
        // The tag covers every byte, and another opening gives another tag.
        byte[] bytes = sealed.sealed().bytes();
        for (int i = 0; i < bytes.length; i++) {
            byte[] altered = bytes.clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> vault.open(STREAM, new Sealed(altered), sealed.secret()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("altered");
        }
        assertThatThrownBy(() -> vault.open(STREAM, new Sealed(new byte[3]), sealed.secret()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void opens_data_sealed_with_an_older_key() {
        Vault.SealedWithSecret old = vault.seal(STREAM, PERSON);
        Vault rotated = new Vault(KeyRing.parse("TEST", key(2, 8) + " " + key(1, 5)));
        assertThat(rotated.open(STREAM, old.sealed(), old.secret())).isEqualTo(PERSON);
        assertThat(rotated.seal(STREAM, PERSON).secret()[0]).isEqualTo((byte) 2);
    }

    @Test
    void rejects_invalid_keys_without_showing_them() {
        for (String bad : new String[] {
            "", " ", "1:short", "1:" + "A".repeat(500), "0:" + key(1, 1).substring(2), "nonsense"
        }) {
            assertThatThrownBy(() -> KeyRing.parse("COUNTERSIGN_KEYS_X", bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("COUNTERSIGN_KEYS_X")
                    .hasMessageNotContaining("AAAA")
                    .hasMessageNotContaining("nonsense");
        }
    }

    @Test
    void ids_differ_by_petition_person_and_key() {
        PseudonymousIds ids = new PseudonymousIds(KeyRing.parse("TEST", key(1, 5)));
        PetitionSlug petition = new PetitionSlug("more-trees");
        EmailAddress sona = EmailAddress.parse("sona@example.org");
        assertThat(ids.of(petition, sona)).isEqualTo(ids.of(petition, EmailAddress.parse("SONA+x@example.org")));
        assertThat(ids.of(petition, sona)).isNotEqualTo(ids.of(new PetitionSlug("fewer-trees"), sona));
        assertThat(ids.of(petition, sona)).isNotEqualTo(ids.of(petition, EmailAddress.parse("ani@example.org")));
        assertThat(ids.of(petition, sona))
                .isNotEqualTo(new PseudonymousIds(KeyRing.parse("TEST", key(1, 6))).of(petition, sona));
        assertThat(ids.of(petition, sona).value().version()).isEqualTo(8);
    }
}
