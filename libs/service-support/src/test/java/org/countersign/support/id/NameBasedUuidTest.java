package org.countersign.support.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class NameBasedUuidTest {

    @Test
    void equal_names_have_equal_uuids_of_version_8() {
        UUID id = NameBasedUuid.ofName("petition/more-benches");
        assertThat(NameBasedUuid.ofName("petition/more-benches")).isEqualTo(id);
        assertThat(NameBasedUuid.ofName("petition/more-trees")).isNotEqualTo(id);
        assertThat(id.version()).isEqualTo(8);
        assertThat(id.variant()).isEqualTo(2);
    }

    @Test
    void keeps_the_bits_of_the_hash_beside_version_and_variant() {
        byte[] hash = new byte[16];
        java.util.Arrays.fill(hash, (byte) 0xff);
        assertThat(NameBasedUuid.ofHash(hash)).hasToString("ffffffff-ffff-8fff-bfff-ffffffffffff");
    }
}
