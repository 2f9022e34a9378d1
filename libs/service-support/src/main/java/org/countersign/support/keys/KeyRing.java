package org.countersign.support.keys;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A ring of numbered 256-bit keys. The first key signs new values. The others verify older ones. To rotate, put a new
 * key first, and remove the old one when no value of it is in use.
 */
public final class KeyRing {

    /** The length of a tag: the number of the key, and 16 bytes of HMAC-SHA-256. */
    public static final int TAG_BYTES = 17;

    private final Map<Integer, HmacPool> keys = new LinkedHashMap<>();
    private final int current;

    private KeyRing(Map<Integer, HmacPool> keys) {
        this.keys.putAll(keys);
        this.current = keys.keySet().iterator().next();
    }

    /**
     * Parses keys written as {@code NUMBER:BASE64}, separated by spaces, the current one first.
     *
     * @param property the name of the property, for error messages
     * @param text the keys
     * @throws IllegalArgumentException if there is no key, a number occurs twice, a key has not 32 bytes, or a number
     *     is not from 1 to 127; the message names the property and shows no key
     */
    public static KeyRing parse(String property, String text) {
        Map<Integer, HmacPool> keys = new LinkedHashMap<>();
        for (String entry : text.isBlank() ? new String[0] : text.trim().split("\\s+")) {
            String[] parts = entry.split(":", 2);
            byte[] key = parts.length == 2 ? decode(parts[1]) : new byte[0];
            if (!parts[0].matches("[1-9][0-9]{0,2}") || Integer.parseInt(parts[0]) > 127 || key.length != 32) {
                throw new IllegalArgumentException(
                        property + " must hold keys as NUMBER:BASE64, the number from 1 to 127 and "
                                + "32 random bytes in Base64, such as 1:$(openssl rand -base64 32)");
            }
            if (keys.put(Integer.parseInt(parts[0]), new HmacPool(key)) != null) {
                throw new IllegalArgumentException(
                        property + " holds two keys with the number " + parts[0] + "; give each its own number");
            }
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

    /** Returns the numbers of all keys. */
    public Set<Integer> numbers() {
        return Set.copyOf(keys.keySet());
    }

    /** Returns the HMAC-SHA-256 of the joined parts under the current key. */
    public byte[] mac(byte[]... parts) {
        return Objects.requireNonNull(keys.get(current)).mac(parts);
    }

    /** Returns the HMAC-SHA-256 under the numbered key, or empty if the ring lacks it. */
    public Optional<byte[]> mac(int key, byte[]... parts) {
        return Optional.ofNullable(keys.get(key)).map(known -> known.mac(parts));
    }

    /** Returns the tag of the joined parts under the current key: its number, and 16 bytes of their HMAC-SHA-256. */
    public byte[] tag(byte[]... parts) {
        byte[] tag = new byte[TAG_BYTES];
        tag[0] = (byte) current;
        System.arraycopy(mac(parts), 0, tag, 1, TAG_BYTES - 1);
        return tag;
    }

    /** Tells in constant time whether a tag is that of the joined parts, under the key that it names. */
    public boolean verifies(byte[] tag, byte[]... parts) {
        HmacPool key = tag.length == TAG_BYTES ? keys.get((int) tag[0]) : null;
        return key != null
                && MessageDigest.isEqual(
                        Arrays.copyOfRange(tag, 1, TAG_BYTES), Arrays.copyOf(key.mac(parts), TAG_BYTES - 1));
    }
}
