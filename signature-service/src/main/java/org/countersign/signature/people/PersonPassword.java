package org.countersign.signature.people;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.util.function.SingletonSupplier;

/** Hashes passwords of people, as {@code Credentials} does those of built-in users. */
final class PersonPassword {

    private static final int MIN_LENGTH = 12;
    /** The hash ignores further bytes. */
    private static final int MAX_BYTES = 72;

    private final PasswordEncoder encoder = PasswordEncoderFactories.createDelegatingPasswordEncoder();
    /** The first check of any password computes it. An unknown address must cost what a known one does. */
    private final Supplier<String> anyHash = SingletonSupplier.of(() -> encoder.encode(randomPassword()));

    private static String randomPassword() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return TotpCodes.base32(random);
    }

    /** Returns whether a password is long enough, and short enough for the hash. */
    static boolean isAllowed(String password) {
        return password.codePointCount(0, password.length()) >= MIN_LENGTH
                && password.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    String hash(String password) {
        return encoder.encode(password);
    }

    /** Compares a password with a hash. Takes the same time if there is no hash. */
    boolean matches(String password, @Nullable String hash) {
        String dummy = anyHash.get();
        boolean matches = password.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
                && encoder.matches(password, hash == null ? dummy : hash);
        return hash != null && matches;
    }
}
