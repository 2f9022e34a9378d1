package org.countersign.events;

import java.util.Arrays;
import java.util.Base64;

/** Encrypted personal data. After its key is destroyed, nobody can read it. */
public final class Sealed {

    private final byte[] bytes;

    /** @param bytes nonce, ciphertext and tag */
    public Sealed(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /**
     * Parses the Base64 form.
     *
     * @throws IllegalArgumentException if the text is not Base64
     */
    public static Sealed of(String text) {
        return new Sealed(Base64.getDecoder().decode(text));
    }

    /** Returns the encrypted bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Returns the encrypted bytes in Base64, for JSON. */
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
