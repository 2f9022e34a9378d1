package org.countersign.support.credentials;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * The users of a service. Each has the role of the same name. The first start generates a password that is not
 * configured and prints it once. The table {@code credential} of the service's database holds only hashes.
 */
public final class Credentials implements UserDetailsService {

    private static final int PASSWORD_BYTES = 18;

    private final JdbcClient database;

    /**
     * Prepares the users.
     *
     * @param database the service's database
     * @param encoder hashes passwords
     * @param configured the passwords by user; with an empty password the stored one stays valid
     */
    public Credentials(JdbcClient database, PasswordEncoder encoder, Map<String, String> configured) {
        this.database = database;
        configured.forEach((user, password) -> prepare(user, password, encoder));
    }

    private void prepare(String user, String configured, PasswordEncoder encoder) {
        String stored = hash(user);
        if (configured.isEmpty() && stored == null) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            String made = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            store(user, encoder.encode(made));
            // The console shows it. Logs are kept and shipped, so they must not.
            System.out.println("The password of user " + user + " is " + made + " (shown this once)");
        } else if (!configured.isEmpty() && (stored == null || !encoder.matches(configured, stored))) {
            store(user, encoder.encode(configured));
        }
    }

    private @Nullable String hash(String user) {
        return database.sql("select password_hash from credential where user_name = ?")
                .param(user)
                .query(String.class)
                .optional()
                .orElse(null);
    }

    private void store(String user, String hash) {
        database.sql("""
                        insert into credential (user_name, password_hash) values (?, ?)
                        on conflict (user_name) do update
                            set password_hash = excluded.password_hash""").params(user, hash).update();
    }

    @Override
    public UserDetails loadUserByUsername(String user) {
        String hash = hash(user);
        if (hash == null) {
            throw new UsernameNotFoundException("no such user");
        }
        return User.withUsername(user)
                .password(hash)
                .roles(user.toUpperCase(Locale.ROOT))
                .build();
    }
}
