package org.countersign.support.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.countersign.testkit.TestServers;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

class CredentialsTest {

    private static final String PASSWORD = "a long password";

    private final AtomicInteger comparisons = new AtomicInteger();
    private final JdbcClient database = database();

    private static JdbcClient database() {
        TestServers.Database server = TestServers.database();
        JdbcClient client =
                JdbcClient.create(new DriverManagerDataSource(server.url(), server.owner(), server.password()));
        client.sql("create table if not exists credential (user_name text primary key, password_hash text not null)")
                .update();
        return client;
    }

    private Credentials credentials(String password) {
        return new Credentials(database, new CountingEncoder(), Map.of("organiser", password));
    }

    private final class CountingEncoder implements PasswordEncoder {

        private final PasswordEncoder encoder = new BCryptPasswordEncoder(4);

        @Override
        public String encode(CharSequence password) {
            return encoder.encode(password);
        }

        @Override
        public boolean matches(CharSequence password, String hash) {
            comparisons.incrementAndGet();
            return encoder.matches(password, hash);
        }
    }

    @Test
    void an_unknown_user_costs_a_comparison_as_a_known_one_does() {
        Credentials credentials = credentials(PASSWORD);
        comparisons.set(0);
        assertThat(credentials.rolesOf("organiser", PASSWORD)).hasToString("[ROLE_ORGANISER]");
        assertThat(credentials.rolesOf("organiser", "wrong")).isNull();
        assertThat(credentials.rolesOf("somebody", "wrong")).isNull();
        assertThat(credentials.rolesOf("somebody", PASSWORD)).isNull();
        assertThat(comparisons).hasValue(4);
    }

    @Test
    void a_short_or_too_long_password_is_refused_with_the_name_of_the_setting() {
        assertThatThrownBy(() -> credentials("eleven char"))
                .hasMessageContaining("COUNTERSIGN_ORGANISER_PASSWORD")
                .hasMessageContaining("at least 12 characters");
        assertThatThrownBy(() -> credentials("x".repeat(73))).hasMessageContaining("at most 72 bytes");
        assertThat(credentials("x".repeat(72)).rolesOf("organiser", "x".repeat(72)))
                .isNotNull();
        assertThat(credentials("x".repeat(72)).rolesOf("organiser", "x".repeat(73)))
                .isNull();
    }
}
