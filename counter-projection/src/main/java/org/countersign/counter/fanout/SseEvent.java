package org.countersign.counter.fanout;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.countersign.counter.live.CountsCache;

/** A petition's counts at one moment, as bytes that are made once for all who are sent them. */
final class SseEvent {

    private final CountsCache.Posted posted;
    private final String tag;
    private final byte[] event;

    SseEvent(CountsCache.Posted posted) {
        this.posted = posted;
        this.tag = posted.tag();
        ByteArrayOutputStream out = new ByteArrayOutputStream(posted.json().length + 64);
        out.writeBytes(ascii("id: " + tag + "\nevent: counts\ndata: "));
        out.writeBytes(posted.json());
        out.writeBytes(ascii("\n\n"));
        this.event = out.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    boolean isNewerThan(SseEvent other) {
        return posted.isNewerThan(other.posted);
    }

    /** What tells these counts from all others of the petition: the stream's event id, and in quotes the entity tag. */
    String tag() {
        return tag;
    }

    /** As a server-sent event. */
    byte[] event() {
        return event;
    }

    /** Returns the counts that the event carries. */
    CountsCache.Posted posted() {
        return posted;
    }
}
