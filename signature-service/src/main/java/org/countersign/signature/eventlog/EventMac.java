package org.countersign.signature.eventlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.countersign.support.keys.KeyRing;

/**
 * Makes and checks the MAC of a stored event. It covers stream, sequence, petition, type, time and data. Its key is not
 * in the database, so that nobody can record an event with access to the database alone.
 */
public final class EventMac {

    /** Keeps this MAC apart from other uses of the key. */
    private static final byte DOMAIN = 1;

    private static final int FIXED_BYTES = 1 + 16 + 4 + 2 + 8 + 2;

    private final KeyRing keys;

    public EventMac(KeyRing keys) {
        this.keys = keys;
    }

    /** Returns the MAC of an event at its place. */
    public byte[] of(UUID stream, int sequence, String petition, int type, Instant at, byte[] data) {
        return keys.tag(place(stream, sequence, petition, type, at), data);
    }

    boolean isValid(byte[] mac, UUID stream, int sequence, String petition, int type, Instant at, byte[] data) {
        return keys.verifies(mac, place(stream, sequence, petition, type, at), data);
    }

    /** Everything but the data. Only the slug has no fixed length, and its length precedes it. */
    private static byte[] place(UUID stream, int sequence, String petition, int type, Instant at) {
        byte[] slug = petition.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(FIXED_BYTES + slug.length)
                .put(DOMAIN)
                .putLong(stream.getMostSignificantBits())
                .putLong(stream.getLeastSignificantBits())
                .putInt(sequence)
                .putShort((short) type)
                .putLong(micros(at))
                .putShort((short) slug.length)
                .put(slug)
                .array();
    }

    /** PostgreSQL stores microseconds. */
    private static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000 + at.getNano() / 1000;
    }
}
