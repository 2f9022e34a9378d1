package org.countersign.signature.eventlog;

import java.time.Instant;
import java.util.UUID;
import org.countersign.events.EventType;
import org.jspecify.annotations.Nullable;

/**
 * An event to append.
 *
 * @param stream its stream
 * @param sequence its place in the stream, from 0
 * @param petition the slug of its petition
 * @param type its type
 * @param at its time
 * @param trace the trace of the request that caused it; null if there is none
 * @param data its JSON
 * @param secret the secret of its sealed data, stored where it can be destroyed; null if there is none
 * @param repeated the stored repeated sign call that the event settles; null if there is none
 * @param mac its MAC, made before the single writer takes the event
 */
record NewEvent(
        UUID stream,
        int sequence,
        String petition,
        EventType type,
        Instant at,
        @Nullable UUID trace,
        byte[] data,
        byte @Nullable [] secret,
        @Nullable Long repeated,
        byte[] mac) {

    /** Returns the event with its MAC. */
    static NewEvent of(
            EventMac macs,
            UUID stream,
            int sequence,
            String petition,
            EventType type,
            Instant at,
            @Nullable UUID trace,
            byte[] data,
            byte @Nullable [] secret,
            @Nullable Long repeated) {
        byte[] mac = macs.of(stream, sequence, petition, type.code(), at, data);
        return new NewEvent(stream, sequence, petition, type, at, trace, data, secret, repeated, mac);
    }

    /** Returns the event at another place of its stream. */
    NewEvent at(int otherSequence, EventMac macs) {
        return of(macs, stream, otherSequence, petition, type, at, trace, data, secret, repeated);
    }

    /**
     * Tells whether the event is stored as a repeated signing if its place in the stream is taken. An event that
     * settles one is not stored again.
     */
    boolean isDeferrable() {
        return type == EventType.PETITION_SIGNED && sequence == 0 && repeated == null;
    }
}
