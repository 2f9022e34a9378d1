package org.countersign.signature.personaldata;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A ring of 256-bit keys by number. The first one makes what is new, the others still read what was made with them: to
 * rotate, put a new key first and drop the old one when nothing made with it is in use any more.
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
     * Reads keys written as {@code NUMBER:BASE64}, the current one first, with spaces between them.
     *
     * @param property the property they come from, for the error message
     * @throws IllegalArgumentException if there is none, or one is not 32 bytes, or a number is not from 1 to 127; the
     *     message names the property and never shows a key
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

    /** The number of the key that makes what is new. */
    public int current() {
        return current;
    }

    /** HMAC-SHA-256 with the current key. */
    public byte[] mac(byte[]... parts) {
        return mac(keys.get(current), parts);
    }

    /** HMAC-SHA-256 with the numbered key, if the ring has it. */
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
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
