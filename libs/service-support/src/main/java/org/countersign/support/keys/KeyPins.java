package org.countersign.support.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Keeps a database with its keys. The table {@code key_pin} holds a fingerprint of every key that has been in use. A
 * fingerprint is the HMAC of a constant under the key, and reveals nothing about it. A service with other keys refuses
 * to start, because it would not find, open or confirm what it has stored.
 */
public final class KeyPins {

    private static final String FIND = "select number, fingerprint from key_pin where ring = ?";
    private static final String PIN =
            "insert into key_pin (ring, number, fingerprint) values (?, ?, ?) on conflict do nothing";

    private final JdbcClient database;

    public KeyPins(JdbcClient database) {
        this.database = database;
    }

    /**
     * Returns a ring of one key that can never change.
     *
     * @param setting the environment variable, for error messages
     * @param ring the name of the ring in the database
     * @param keys the keys as text
     * @throws IllegalStateException if there is a second key, or the key is not the one of the first start
     */
    public KeyRing fixed(String setting, String ring, String keys) {
        KeyRing parsed = KeyRing.parse(setting, keys);
        if (parsed.numbers().size() > 1) {
            throw new IllegalStateException(setting
                    + " holds several keys, but this key can never change. Leave only the key of the first start.");
        }
        pinned(ring).forEach((number, fingerprint) -> {
            if (!parsed.numbers().contains(number)) {
                throw new IllegalStateException(setting + " has another key number than at the first start, which was "
                        + number + ". This key can never change. Set the first key again.");
            }
            requireSame(setting, ring, parsed, number, fingerprint);
        });
        pin(ring, parsed);
        return parsed;
    }

    /**
     * Returns a ring to which keys can be added.
     *
     * @param setting the environment variable, for error messages
     * @param ring the name of the ring in the database
     * @param keys the keys as text
     * @param inUse tells whether the database still holds something that needs the key with a number
     * @throws IllegalStateException if a key has changed, or a key is missing that is still in use
     */
    public KeyRing rotating(String setting, String ring, String keys, IntPredicate inUse) {
        KeyRing parsed = KeyRing.parse(setting, keys);
        pinned(ring).forEach((number, fingerprint) -> {
            if (parsed.numbers().contains(number)) {
                requireSame(setting, ring, parsed, number, fingerprint);
            } else if (inUse.test(number)) {
                throw new IllegalStateException(setting + " lacks key number " + number
                        + ", which is still in use. Add it behind the current key. Only if it must never be used "
                        + "again, delete its row: delete from key_pin where ring = '" + ring + "' and number = "
                        + number);
            }
        });
        pin(ring, parsed);
        return parsed;
    }

    /**
     * Requires that a text is the one of the first start.
     *
     * @param setting the environment variable, for error messages
     * @param name the name of the text in the database
     * @param text the text, which is not secret
     * @throws IllegalStateException if it is another
     */
    public void requireUnchanged(String setting, String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        database.sql(PIN).params(name, 0, bytes).update();
        byte[] first = pinned(name).getOrDefault(0, bytes);
        if (!MessageDigest.isEqual(first, bytes)) {
            throw new IllegalStateException(setting + " is " + text + ", but it was "
                    + new String(first, StandardCharsets.UTF_8) + " at the first start and can never change. Set "
                    + setting + " to that value.");
        }
    }

    private static void requireSame(String setting, String ring, KeyRing parsed, int number, byte[] fingerprint) {
        if (!MessageDigest.isEqual(fingerprint, fingerprint(ring, parsed, number))) {
            throw new IllegalStateException("Key number " + number + " of " + setting
                    + " is not the one that this database was used with. Set the earlier key again, and give a new key "
                    + "a new number.");
        }
    }

    private Map<Integer, byte[]> pinned(String ring) {
        Map<Integer, byte[]> pinned = new TreeMap<>();
        database.sql(FIND).param(ring).query(row -> {
            pinned.put(row.getInt(1), row.getBytes(2));
        });
        return pinned;
    }

    private void pin(String ring, KeyRing parsed) {
        parsed.numbers()
                .forEach(number -> database.sql(PIN)
                        .params(ring, number, fingerprint(ring, parsed, number))
                        .update());
    }

    private static byte[] fingerprint(String ring, KeyRing parsed, int number) {
        return parsed.mac(number, ("fingerprint of a key of the ring " + ring).getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
    }
}
