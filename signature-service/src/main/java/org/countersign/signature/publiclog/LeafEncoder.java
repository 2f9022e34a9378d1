package org.countersign.signature.publiclog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.countersign.counting.StatusTransition;
import org.countersign.events.CloudEvent;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.signature.personaldata.KeyRing;
import org.countersign.transparency.Merkle;

/**
 * What of an event stands in the public log: JSON in UTF-8, always in this order, all of it letters, digits and
 * hyphens. The commitment is SHA-256 of a salt and the event's data. The salt is a secret of this event alone, so that
 * nobody can try out what the data might be; with it whoever is given both can check that it is the data the log has
 * committed to. Since salts are made from a key and the index, a leaf can always be made anew from the event, also when
 * the signer has been erased: what is committed to is the sealed form.
 */
public final class LeafEncoder {

    private static final byte[] SALT = "salt".getBytes(StandardCharsets.UTF_8);

    private final KeyRing keys;

    /** @param keys the log's key, of which there can only ever be one */
    LeafEncoder(KeyRing keys) {
        this.keys = keys;
    }

    /** The salt of an event's commitment: 32 bytes. */
    public byte[] salt(long index) {
        return keys.mac(SALT, ByteBuffer.allocate(Long.BYTES).putLong(index).array());
    }

    /** The leaf of an event. */
    public byte[] of(StoredEvent event) {
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
        event.counted().transition().ifPresent(move -> append(json, move));
        return json.append("\",\"commitment\":\"")
                .append(HexFormat.of().formatHex(Merkle.sha256(salt(event.index()), event.data())))
                .append("\"}")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder json, StatusTransition move) {
        json.append("\",\"was\":\"")
                .append(move.was().text())
                .append("\",\"becomes\":\"")
                .append(move.becomes().text());
    }

    /** The hash of an event's leaf. */
    byte[] hash(StoredEvent event) {
        return Merkle.leafHash(of(event));
    }
}
