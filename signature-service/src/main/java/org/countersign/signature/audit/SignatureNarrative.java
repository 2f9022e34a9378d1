package org.countersign.signature.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureExpired;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureInvalidated;
import org.countersign.events.SignatureReinstated;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.SignatureWithdrawn;
import org.countersign.events.SignerErased;
import org.countersign.events.SigningRepeated;
import org.countersign.events.UpdatesStopped;
import org.countersign.signature.eventlog.StoredEvent;
import org.springframework.stereotype.Component;

/** Tells a signature's life, from the events in the log; nothing personal is in it. */
@Component
public class SignatureNarrative {

    /**
     * Something that happened.
     *
     * @param index of its event in the log
     * @param after how long after what happened before, in words; empty for the first
     * @param text a sentence or two
     * @param change by how much the verified count changed: 1, -1 or 0
     */
    public record Happened(long index, Instant at, String after, String text, int change) {}

    /**
     * A life.
     *
     * @param now where the signature stands, in a sentence
     */
    public record Life(SignatureId signature, PetitionSlug petition, List<Happened> events, String now) {}

    private final SignatureHistory history;

    SignatureNarrative(SignatureHistory history) {
        this.history = history;
    }

    /**
     * The life of a signature.
     *
     * @throws org.countersign.signature.domain.Rejection if there is none with this id
     */
    public Life of(String id) {
        List<Happened> events = new ArrayList<>();
        Instant before = null;
        SignatureEvent last = null;
        for (StoredEvent one : history.of(id)) {
            last = (SignatureEvent) one.recorded().event();
            int change = (last.becomes() == SignatureStatus.VERIFIED ? 1 : 0)
                    - (last.was() == SignatureStatus.VERIFIED ? 1 : 0);
            events.add(new Happened(
                    one.index(),
                    one.at(),
                    before == null ? "" : later(Duration.between(before, one.at())),
                    sentence(last),
                    change));
            before = one.at();
        }
        return new Life(last.signature(), last.petition(), events, now(last.becomes()));
    }

    static String sentence(SignatureEvent event) {
        if (event instanceof PetitionSigned signed) {
            return signed(signed);
        } else if (event instanceof SignatureVerified) {
            return "Who has the address confirmed the signature. From here on it counts.";
        } else if (event instanceof SignatureWithdrawn) {
            return event.was() == SignatureStatus.VERIFIED
                    ? "The signer withdrew the signature. It counts no longer."
                    : "The signer withdrew the signature before it was confirmed.";
        } else if (event instanceof SignatureExpired) {
            return "Nobody confirmed the signature in time. It lapsed, and what the signer gave was erased.";
        } else if (event instanceof SignatureInvalidated invalidated) {
            return "The organiser declared the signature invalid"
                    + (event.was() == SignatureStatus.VERIFIED ? ", and it counts no longer" : "")
                    + ". The reason given: “" + invalidated.reason() + "”";
        } else if (event instanceof SignatureReinstated reinstated) {
            return "The organiser took that back"
                    + (event.becomes() == SignatureStatus.VERIFIED ? ", and the signature counts again" : "")
                    + ". The reason given: “" + reinstated.reason() + "”";
        } else if (event instanceof SigningRepeated) {
            return "Somebody signed once more with the same address. That changed nothing, and a mail said so.";
        } else if (event instanceof UpdatesStopped) {
            return "The signer wanted no more mail about milestones.";
        } else if (event instanceof SignerErased) {
            return "What the signer gave was erased; nobody can read it any more. The signature stays as it was.";
        }
        throw new IllegalArgumentException("no sentence for " + event.getClass().getSimpleName());
    }

    private static String signed(PetitionSigned signed) {
        String how = switch (signed.was()) {
            case WITHDRAWN -> " again, after having withdrawn";
            case EXPIRED -> " again, after the last signing had lapsed";
            default -> "";
        };
        return "Somebody from " + signed.country().name(Locale.ENGLISH) + " signed" + how
                + (signed.publicly() ? " and wished to be named" : " and did not wish to be named")
                + (signed.updates() ? "; mail about milestones was welcome" : "")
                + ". The address was still to be confirmed.";
    }

    private static String now(SignatureStatus status) {
        return switch (status) {
            case PENDING -> "It waits for its address to be confirmed, and does not count.";
            case VERIFIED -> "It counts.";
            case WITHDRAWN -> "It was withdrawn, and does not count.";
            case EXPIRED -> "It lapsed unconfirmed, and does not count.";
            case INVALIDATED -> "It was declared invalid, and does not count.";
            case NONE -> "It does not count.";
        };
    }

    private static String later(Duration duration) {
        if (duration.toDays() > 0) {
            return count(duration.toDays(), "day") + " later";
        }
        if (duration.toHours() > 0) {
            return count(duration.toHours(), "hour") + " later";
        }
        return (duration.toMinutes() > 0
                        ? count(duration.toMinutes(), "minute")
                        : count(Math.max(0, duration.toSeconds()), "second"))
                + " later";
    }

    private static String count(long number, String of) {
        return number + " " + of + (number == 1 ? "" : "s");
    }
}
