package org.countersign.signature.publiclog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.countersign.counting.StatusTransition;
import org.countersign.events.CloudEvent;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.support.keys.KeyRing;
import org.countersign.transparency.Merkle;

/**
 * Encodes an event as a leaf of the public log: JSON in UTF-8, in fixed order, of letters, digits and hyphens. The
 * commitment is the SHA-256 of a salt and the event's data. The salt is secret, so that nobody can guess the data. The
 * holder of salt and data can check that the log commits to them. Salts are derived from a key and the index. A leaf
 * can therefore be encoded again after an erasure, because it commits to the sealed form.
 */
public final class LeafEncoder {

    private static final byte[] SALT = "salt".getBytes(StandardCharsets.UTF_8);

    private final KeyRing keys;

    /** @param keys the key of the log, which never changes */
    LeafEncoder(KeyRing keys) {
        this.keys = keys;
    }

    /** Returns the salt of an event's commitment: 32 bytes. */
    public byte[] salt(long index) {
        return keys.mac(SALT, ByteBuffer.allocate(Long.BYTES).putLong(index).array());
    }

    /** Encodes an event. */
    public byte[] of(StoredEvent event) {
        if (!event.authentic()) {
            return unauthentic(event);
        }
        StringBuilder json = new StringBuilder(320)
                .append("{\"index\":")
                .append(event.index())
                .append(",\"type\":\"")
                .append(event.type().text())
                .append("\",\"petition\":\"")
                .append(event.petition())
                .append("\",\"signature\":")
                .append(event.signature().map(id -> "\"" + id + "\"").orElse("null"))
                .append(",\"time\":\"")
                .append(new String(CloudEvent.timeText(event.at()), StandardCharsets.US_ASCII));
        event.counted().transition().ifPresent(transition -> append(json, transition));
        return json.append("\",\"commitment\":\"")
                .append(HexFormat.of().formatHex(Merkle.sha256(salt(event.index()), event.data())))
                .append("\"}")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** An event that is not authentic has an entry, because the log has one for each index. It says nothing else. */
    private static byte[] unauthentic(StoredEvent event) {
        return "{\"index\":%d,\"type\":\"UnauthenticEvent\",\"time\":\"%s\"}"
                .formatted(event.index(), new String(CloudEvent.timeText(event.at()), StandardCharsets.US_ASCII))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder json, StatusTransition transition) {
        json.append("\",\"was\":\"")
                .append(transition.was().text())
                .append("\",\"becomes\":\"")
                .append(transition.becomes().text());
    }

    /** Returns the hash of the leaf of an event. */
    byte[] hash(StoredEvent event) {
        return Merkle.leafHash(of(event));
    }
}
