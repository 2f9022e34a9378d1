package org.countersign.support.id;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** UUIDs of version 8, "custom" (RFC 9562, section 5.8), that hold 122 bits of a hash. */
public final class NameBasedUuid {

    private static final long VERSION_MASK = 0xffff_ffff_ffff_0fffL;
    private static final long VERSION_8 = 0x8000L;
    private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;
    private static final long RFC_VARIANT = 0x8000_0000_0000_0000L;

    private NameBasedUuid() {}

    /**
     * Returns the UUID of a name. Equal names have equal UUIDs.
     *
     * @param name any text
     * @return the UUID made of the name's SHA-256
     */
    public static UUID ofName(String name) {
        try {
            return ofHash(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * Returns the UUID that holds the first bits of a hash.
     *
     * @param hash at least 16 bytes
     * @return the UUID
     */
    public static UUID ofHash(byte[] hash) {
        ByteBuffer bits = ByteBuffer.wrap(hash);
        return new UUID(bits.getLong() & VERSION_MASK | VERSION_8, bits.getLong() & VARIANT_MASK | RFC_VARIANT);
    }
}
