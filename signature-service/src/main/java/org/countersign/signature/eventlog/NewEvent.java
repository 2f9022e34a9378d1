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
        @Nullable Long repeated) {

    /** Tells whether the event is stored as a repeated signing if its place in the stream is taken. */
    boolean isDeferrable() {
        return type == EventType.PETITION_SIGNED && sequence == 0;
    }
}
