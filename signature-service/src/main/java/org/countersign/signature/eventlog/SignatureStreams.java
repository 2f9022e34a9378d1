package org.countersign.signature.eventlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSigned;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.jspecify.annotations.Nullable;

/**
 * Reads and appends the events of sign calls and confirmations. Axon's command bus, unit of work and repository would
 * take a fifth of the time of a sign call (docs/performance.md).
 */
public final class SignatureStreams {

    private final GroupCommit commits;
    private final GroupRead reads;
    private final EventMac macs;

    SignatureStreams(GroupCommit commits, GroupRead reads, EventMac macs) {
        this.commits = commits;
        this.reads = reads;
        this.macs = macs;
    }

    /**
     * Appends the first event of a signature, and returns when it is durable. The event depends on no earlier one. If
     * the address has signed before, the call is durable as a repeated signing.
     *
     * @param signed the event of the first round
     * @param secret the secret of its sealed data
     * @param trace the trace of the request
     * @throws org.countersign.signature.domain.LogUnavailableException if the event cannot be made durable, or that is
     *     unknown
     */
    public void begin(PetitionSigned signed, byte[] secret, Optional<UUID> trace) {
        commits.append(List.of(newEvent(signed.signature().value(), 0, signed, secret, trace)));
    }

    /**
     * Holds a sign call for the organiser's decision, and returns when it is durable. It takes the same work as
     * {@link #begin}, whether or not the address has signed before.
     *
     * @param signed the event that the call would append as the first of its address
     * @param secret the secret of its sealed data
     * @param trace the trace of the request
     * @param rule the rule that holds the call
     * @throws org.countersign.signature.domain.LogUnavailableException if the call cannot be made durable, or that is
     *     unknown
     */
    public void hold(PetitionSigned signed, byte[] secret, Optional<UUID> trace, String rule) {
        commits.append(List.of(
                newEvent(signed.signature().value(), 0, signed, secret, trace).heldBy(rule)));
    }

    /**
     * Reads the stream of a signature. A signature that nobody has signed has no events.
     *
     * @throws org.countersign.signature.domain.LogBehindException if the log lacks events
     * @throws org.springframework.dao.DataAccessException if the database cannot be read
     * @throws org.countersign.signature.domain.LogUnavailableException if the database does not answer in time
     */
    public SignatureStream read(SignatureId signature) {
        return reads.read(signature.value());
    }

    /**
     * Appends events behind those that were read, all or none, and returns when they are durable.
     *
     * @param read the stream that the events were decided from
     * @param events at least one event
     * @param secret the secret of the sealed data of a form among the events; null if there is none
     * @param trace the trace of the request
     * @return false if another command has appended in the meantime; nothing was recorded
     * @throws org.countersign.signature.domain.LogUnavailableException if the events cannot be made durable, or that is
     *     unknown
     */
    public boolean append(
            SignatureStream read, List<SignatureEvent> events, byte @Nullable [] secret, Optional<UUID> trace) {
        int[] places = read.free(events.size());
        List<NewEvent> appended = new ArrayList<>(events.size());
        for (int i = 0; i < places.length; i++) {
            SignatureEvent event = events.get(i);
            appended.add(newEvent(read.id(), places[i], event, event instanceof PetitionSigned ? secret : null, trace));
        }
        return commits.append(appended) == GroupCommit.AppendResult.APPENDED;
    }

    /**
     * An event and the stream that it was decided from.
     *
     * @param read the stream as it was read
     * @param event the event to append
     */
    public record Addition(SignatureStream read, SignatureEvent event) {}

    /**
     * Appends one event to each of several signatures, all or none, in one commit.
     *
     * @param events the event of each stream that was read; at least one
     * @return false if another command has appended to one of the streams in the meantime; nothing was recorded
     * @throws org.countersign.signature.domain.LogUnavailableException if the events cannot be made durable, or that is
     *     unknown
     */
    public boolean appendTogether(List<Addition> events) {
        List<NewEvent> appended = new ArrayList<>(events.size());
        for (Addition addition : events) {
            SignatureStream read = addition.read();
            appended.add(newEvent(read.id(), read.free(1)[0], addition.event(), null, Optional.empty()));
        }
        return commits.append(appended) == GroupCommit.AppendResult.APPENDED;
    }

    private NewEvent newEvent(
            UUID stream, int sequence, SignatureEvent event, byte @Nullable [] secret, Optional<UUID> trace) {
        return NewEvent.of(
                macs,
                stream,
                sequence,
                event.petition().value(),
                EventType.of(event),
                event.at(),
                trace.orElse(null),
                EventJson.data(event),
                secret,
                null);
    }
}
