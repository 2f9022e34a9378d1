package org.countersign.signature.accounts;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.countersign.support.keys.KeyRing;

/**
 * Makes keyed hashes of the secrets of API tokens. The key is derived from that of pseudonymous ids for this purpose
 * alone, so that nobody can link a person to a signature. It never changes.
 */
public final class AccountKeys {

    private static final byte[] DERIVATION = utf8("countersign/account-key/1");
    private static final byte[] SEPARATOR = {0};
    private static final byte[] TOKEN = utf8("token");

    private final KeyRing keys;

    /** @param master the key ring of pseudonymous ids */
    public AccountKeys(KeyRing master) {
        keys = KeyRing.parse(
                "The derived key of accounts", "1:" + Base64.getEncoder().encodeToString(master.mac(DERIVATION)));
    }

    /** Returns the hash of the secret of an API token. */
    byte[] ofSecret(UUID token, String secret) {
        return keys.mac(TOKEN, SEPARATOR, utf8(token.toString()), SEPARATOR, utf8(secret));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
