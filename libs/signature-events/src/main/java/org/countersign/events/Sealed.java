package org.countersign.events;

import java.util.Arrays;
import java.util.Base64;

/** Personal data that only the holder of its key can read. Once the key is destroyed nobody can. */
public final class Sealed {

    private final byte[] bytes;

    /** @param bytes nonce, ciphertext and tag, as the sealing service writes them */
    public Sealed(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @throws IllegalArgumentException if the text is not Base64
     */
    public static Sealed of(String text) {
        return new Sealed(Base64.getDecoder().decode(text));
    }

    /** The sealed bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The sealed bytes in Base64, for JSON. */
    public String text() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sealed sealed && Arrays.equals(bytes, sealed.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Sealed[" + bytes.length + " bytes]";
    }
}
