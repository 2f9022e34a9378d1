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
 * @param hold what holds the sign call; null if it is appended
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
        byte[] mac,
        @Nullable Hold hold) {

    /**
     * A sign call that waits for the organiser.
     *
     * @param id the id under which it is held. A call that is offered twice is held once
     * @param rule the rule that holds it
     */
    record Hold(UUID id, String rule) {}

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
        return new NewEvent(stream, sequence, petition, type, at, trace, data, secret, repeated, mac, null);
    }

    /** Returns the event at another place of its stream. */
    NewEvent at(int otherSequence, EventMac macs) {
        return of(macs, stream, otherSequence, petition, type, at, trace, data, secret, repeated);
    }

    /** Returns the first event of a signature as a sign call that a rule holds. */
    NewEvent heldBy(String rule) {
        return new NewEvent(
                stream,
                sequence,
                petition,
                type,
                at,
                trace,
                data,
                secret,
                repeated,
                mac,
                new Hold(UUID.randomUUID(), rule));
    }

    /**
     * Tells whether the event is stored as a repeated signing if its place in the stream is taken. An event that
     * settles one is not stored again, and a held one waits elsewhere.
     */
    boolean isDeferrable() {
        return type == EventType.PETITION_SIGNED && sequence == 0 && repeated == null && hold == null;
    }

    @Nullable
    String heldRule() {
        return hold == null ? null : hold.rule();
    }

    @Nullable
    UUID heldId() {
        return hold == null ? null : hold.id();
    }
}
