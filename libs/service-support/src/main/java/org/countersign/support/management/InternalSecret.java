package org.countersign.support.management;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;

/**
 * The secret that the services share. Calls between them carry it as a bearer token. It is random, so it needs no slow
 * hash.
 */
public final class InternalSecret {

    private static final int MIN_LENGTH = 16;

    private final String authorization;

    /**
     * Creates the secret.
     *
     * @param password the value of COUNTERSIGN_INTERNAL_PASSWORD
     * @throws IllegalArgumentException if it is too short
     */
    public InternalSecret(@Value("${countersign.internal.password:}") String password) {
        if (password.length() < MIN_LENGTH) {
            throw new IllegalArgumentException(
                    "COUNTERSIGN_INTERNAL_PASSWORD is not set or too short. Set it to at least " + MIN_LENGTH
                            + " random characters, the same for all three services.");
        }
        authorization = "Bearer " + password;
    }

    /** Returns the value of the header {@code Authorization} of internal calls. */
    public String authorization() {
        return authorization;
    }

    /** Compares a header {@code Authorization} with the secret in constant time. */
    boolean matches(@Nullable String given) {
        return given != null
                && MessageDigest.isEqual(
                        authorization.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    /** Omits the secret. */
    @Override
    public String toString() {
        return "InternalSecret";
    }
}
