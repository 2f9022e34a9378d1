package org.countersign.support.credentials;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * The users of a service. Each has the role of the same name. The first start generates a password that is not
 * configured and prints it once. The table {@code credential} of the service's database holds only hashes.
 */
public final class Credentials {

    private static final int PASSWORD_BYTES = 18;

    /** The least length of a configured password. */
    private static final int MIN_LENGTH = 12;
    /** The hash ignores further bytes. */
    private static final int MAX_BYTES = 72;

    private final JdbcClient database;
    private final PasswordEncoder encoder;
    private final String anyUser;

    /**
     * Prepares the users.
     *
     * @param database the service's database
     * @param encoder hashes passwords
     * @param configured the passwords by user; with an empty password the stored one stays valid
     * @throws IllegalArgumentException if a password is too short or too long. The message names the setting.
     */
    public Credentials(JdbcClient database, PasswordEncoder encoder, Map<String, String> configured) {
        this.database = database;
        this.encoder = encoder;
        this.anyUser = configured.keySet().iterator().next();
        configured.forEach(Credentials::requireLength);
        configured.forEach(this::prepare);
    }

    private static void requireLength(String user, String password) {
        int length = password.codePointCount(0, password.length());
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        if (!password.isEmpty() && (length < MIN_LENGTH || bytes > MAX_BYTES)) {
            throw new IllegalArgumentException(
                    "COUNTERSIGN_" + user.toUpperCase(Locale.ROOT) + "_PASSWORD has " + length
                            + " characters. Set it to at least " + MIN_LENGTH + " characters and at most " + MAX_BYTES
                            + " bytes.");
        }
    }

    private void prepare(String user, String configured) {
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

    /** Returns the roles of a user, or null if user or password are wrong. Both take the same time. */
    @Nullable
    Collection<? extends GrantedAuthority> rolesOf(String user, String password) {
        String hash = hash(user);
        boolean matches = matches(password, hash != null ? hash : hash(anyUser));
        return hash != null && matches
                ? AuthorityUtils.createAuthorityList("ROLE_" + user.toUpperCase(Locale.ROOT))
                : null;
    }

    private boolean matches(String password, @Nullable String hash) {
        // The encoder reads at most this many bytes and must not see more.
        return hash != null
                && password.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
                && encoder.matches(password, hash);
    }
}
