package org.countersign.signature.eventlog;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSigned;

/**
 * Appends sign calls. The first event of a signature depends on no earlier event, so that no aggregate is needed.
 * Axon's command bus, unit of work and repository would take a fifth of the time of a sign call (docs/performance.md).
 */
public final class SignCalls {

    private final GroupCommit commits;
    private final EventMac macs;

    SignCalls(GroupCommit commits, EventMac macs) {
        this.commits = commits;
        this.macs = macs;
    }

    /**
     * Appends the first event of a signature, and returns when it is durable. If the address has signed before, the
     * call is durable as a repeated signing.
     *
     * @param signed the event of the first round
     * @param secret the secret of its sealed data
     * @param trace the trace of the request
     * @throws org.countersign.signature.domain.LogUnavailableException if the event cannot be made durable, or that is
     *     unknown
     */
    public void append(PetitionSigned signed, byte[] secret, Optional<UUID> trace) {
        commits.append(List.of(NewEvent.of(
                macs,
                signed.signature().value(),
                0,
                signed.petition().value(),
                EventType.PETITION_SIGNED,
                signed.at(),
                trace.orElse(null),
                EventJson.data(signed),
                secret,
                null)));
    }
}
