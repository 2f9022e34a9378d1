package org.countersign.signature.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.countersign.events.ContactConsentWithdrawn;
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

/** Describes the life cycle of a signature in sentences, from the events of the log. They contain no personal data. */
@Component
public class SignatureNarratives {

    /**
     * An event in words.
     *
     * @param index the index of the event
     * @param at its time
     * @param after the time since the previous event, in words; empty for the first
     * @param text one or two sentences
     * @param change the change of the verified count: 1, -1 or 0
     */
    public record NarratedEvent(long index, Instant at, String after, String text, int change) {}

    /**
     * The life cycle of a signature.
     *
     * @param signature the signature
     * @param petition its petition
     * @param events its events in words
     * @param now its current status in a sentence
     */
    public record SignatureNarrative(
            SignatureId signature, PetitionSlug petition, List<NarratedEvent> events, String now) {}

    private final SignatureHistory history;

    SignatureNarratives(SignatureHistory history) {
        this.history = history;
    }

    /**
     * Describes a signature.
     *
     * @param id the signature's id as the caller gave it
     * @throws org.countersign.signature.domain.Rejection if there is no such signature
     */
    public SignatureNarrative of(String id) {
        List<StoredEvent> stored = history.of(id);
        List<NarratedEvent> events = new ArrayList<>();
        Instant before = stored.get(0).at();
        for (StoredEvent entry : stored) {
            SignatureEvent event = (SignatureEvent) entry.recorded().event();
            int change = (event.becomes() == SignatureStatus.VERIFIED ? 1 : 0)
                    - (event.was() == SignatureStatus.VERIFIED ? 1 : 0);
            String after = events.isEmpty() ? "" : later(Duration.between(before, entry.at()));
            events.add(new NarratedEvent(entry.index(), entry.at(), after, sentence(event), change));
            before = entry.at();
        }
        SignatureEvent last =
                (SignatureEvent) stored.get(stored.size() - 1).recorded().event();
        return new SignatureNarrative(last.signature(), last.petition(), events, now(last.becomes()));
    }

    static String sentence(SignatureEvent event) {
        if (event instanceof PetitionSigned signed) {
            return signed(signed);
        } else if (event instanceof SignatureVerified) {
            return "The owner of the address confirmed the signature. From here on it counts.";
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
            return "Somebody signed again with the same address. That changed nothing, and a mail said so.";
        } else if (event instanceof UpdatesStopped) {
            return "The signer wanted no more mail about milestones.";
        } else if (event instanceof ContactConsentWithdrawn) {
            return "The signer withdrew the consent to be contacted about other things.";
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
