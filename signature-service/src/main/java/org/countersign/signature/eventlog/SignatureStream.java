package org.countersign.signature.eventlog;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.countersign.events.PetitionSigned;
import org.countersign.events.SignatureEvent;

/**
 * The stream of a signature as one statement read it, along with the secrets that are left.
 *
 * @param id the stream
 * @param events the authentic events, the first one first
 * @param secrets the secrets of sealed data, by the index of the event
 * @param taken the sequence numbers that an event has, authentic or not
 */
public record SignatureStream(UUID id, List<StoredEvent> events, Map<Long, byte[]> secrets, Set<Integer> taken) {

    /** A form that the signer sent, and the secret of its sealed data. */
    public record SealedForm(PetitionSigned signed, byte[] secret) {}

    /** Returns the decoded events. */
    public List<SignatureEvent> history() {
        return events.stream()
                .map(stored -> (SignatureEvent) stored.recorded().event())
                .toList();
    }

    /** Returns the form of a round if its sealed data can be opened. */
    public Optional<SealedForm> form(int round) {
        for (StoredEvent stored : events) {
            byte[] secret = secrets.get(stored.index());
            if (secret != null
                    && stored.recorded().event() instanceof PetitionSigned signed
                    && signed.round() == round) {
                return Optional.of(new SealedForm(signed, secret));
            }
        }
        return Optional.empty();
    }

    /** Returns the first free places behind the last authentic event. Forged events block no stream. */
    int[] free(int count) {
        int first = events.isEmpty() ? 0 : events.get(events.size() - 1).sequence() + 1;
        return IntStream.iterate(first, sequence -> sequence + 1)
                .filter(sequence -> !taken.contains(sequence))
                .limit(count)
                .toArray();
    }

    /** Hides the secrets. */
    @Override
    public String toString() {
        return "SignatureStream[" + id + "]";
    }
}
