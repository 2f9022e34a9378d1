package org.countersign.signature.eventlog;

import java.time.Instant;
import java.util.UUID;
import org.countersign.events.EventType;

/**
 * An event on its way into the log.
 *
 * @param stream the stream it continues
 * @param sequence its place in the stream, from 0
 * @param petition the slug of its petition
 * @param trace the trace it belongs to, or null
 * @param data its JSON
 * @param secret what its sealed data is encrypted with, kept where it can be destroyed; or null
 */
record NewEvent(
        UUID stream,
        int sequence,
        String petition,
        EventType type,
        Instant at,
        UUID trace,
        byte[] data,
        byte[] secret) {}
