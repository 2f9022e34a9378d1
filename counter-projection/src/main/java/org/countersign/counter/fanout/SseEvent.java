package org.countersign.counter.fanout;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.countersign.counter.live.CountsCache;

/** The counts of a petition as a server-sent event, whose bytes are built once for all subscribers. */
final class SseEvent {

    private final CountsCache.CountsVersion version;
    private final String tag;
    private final byte[] event;

    SseEvent(CountsCache.CountsVersion version) {
        this.version = version;
        this.tag = version.tag();
        ByteArrayOutputStream out = new ByteArrayOutputStream(version.json().length + 64);
        out.writeBytes(ascii("id: " + tag + "\nevent: counts\ndata: "));
        out.writeBytes(version.json());
        out.writeBytes(ascii("\n\n"));
        this.event = out.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    boolean isNewerThan(SseEvent other) {
        return version.isNewerThan(other.version);
    }

    /** Returns the id of the event, which in quotes is the entity tag of the counts. */
    String tag() {
        return tag;
    }

    /** Returns the bytes of the event. */
    byte[] event() {
        return event;
    }

    /** Returns the counts that the event carries. */
    CountsCache.CountsVersion version() {
        return version;
    }
}
