package org.countersign.support.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InternalSecretTest {

    @Test
    void a_short_secret_is_refused_with_the_name_of_the_setting() {
        assertThatThrownBy(() -> new InternalSecret("fifteen charact"))
                .hasMessageContaining("COUNTERSIGN_INTERNAL_PASSWORD")
                .hasMessageContaining("at least 16");
    }

    @Test
    void only_the_whole_header_matches() {
        InternalSecret secret = new InternalSecret("sixteen characters");
        assertThat(secret.matches(secret.authorization())).isTrue();
        assertThat(secret.matches("Bearer sixteen character")).isFalse();
        assertThat(secret.matches("sixteen characters")).isFalse();
        assertThat(secret.matches(null)).isFalse();
        assertThat(secret).hasToString("InternalSecret");
    }
}
