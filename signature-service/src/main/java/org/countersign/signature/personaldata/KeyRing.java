package org.countersign.signature.personaldata;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A ring of numbered 256-bit keys. The first key signs new values. The others verify older ones. To rotate, put a new
 * key first, and remove the old one when no value of it is in use.
 */
public final class KeyRing {

    private static final String ALGORITHM = "HmacSHA256";
    private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(KeyRing::newMac);

    private final Map<Integer, SecretKeySpec> keys = new LinkedHashMap<>();
    private final int current;

    private KeyRing(Map<Integer, SecretKeySpec> keys) {
        this.keys.putAll(keys);
        this.current = keys.keySet().iterator().next();
    }

    /**
     * Parses keys written as {@code NUMBER:BASE64}, separated by spaces, the current one first.
     *
     * @param property the name of the property, for error messages
     * @param text the keys
     * @throws IllegalArgumentException if there is no key, a key has not 32 bytes, or a number is not from 1 to 127;
     *     the message names the property and shows no key
     */
    public static KeyRing parse(String property, String text) {
        Map<Integer, SecretKeySpec> keys = new LinkedHashMap<>();
        for (String entry : text.isBlank() ? new String[0] : text.trim().split("\\s+")) {
            String[] parts = entry.split(":", 2);
            byte[] key = parts.length == 2 ? decode(parts[1]) : new byte[0];
            if (!parts[0].matches("[1-9][0-9]{0,2}") || Integer.parseInt(parts[0]) > 127 || key.length != 32) {
                throw new IllegalArgumentException(
                        property + " must hold keys as NUMBER:BASE64, the number from 1 to 127 and "
                                + "32 random bytes in Base64, such as 1:$(openssl rand -base64 32)");
            }
            keys.put(Integer.parseInt(parts[0]), new SecretKeySpec(key, ALGORITHM));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    property + " is not set; it needs a key such as 1:$(openssl rand -base64 32), kept for ever");
        }
        return new KeyRing(keys);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** Returns the number of the current key. */
    public int current() {
        return current;
    }

    /** Returns the HMAC-SHA-256 of the joined parts under the current key. */
    public byte[] mac(byte[]... parts) {
        return mac(Objects.requireNonNull(keys.get(current)), parts);
    }

    /** Returns the HMAC-SHA-256 under the numbered key, or empty if the ring lacks it. */
    public Optional<byte[]> mac(int key, byte[]... parts) {
        return Optional.ofNullable(keys.get(key)).map(spec -> mac(spec, parts));
    }

    private static byte[] mac(SecretKeySpec key, byte[]... parts) {
        try {
            Mac mac = MAC.get();
            mac.init(key);
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Mac newMac() {
        try {
            return Mac.getInstance(ALGORITHM);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java lacks " + ALGORITHM, e);
        }
    }
}
