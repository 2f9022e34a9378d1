package org.countersign.signature.application;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.countersign.events.SignatureId;
import org.countersign.signature.domain.signature.SignatureMails;
import org.countersign.signature.eventlog.SignatureStreams;
import org.springframework.stereotype.Component;

/**
 * Tells whether a signer may be reminded to confirm. The notifier asks at the moment of sending. The event log decides,
 * so that nobody is reminded who has confirmed, withdrawn or left a moment ago.
 */
@Component
class ReminderPolicy {

    /** A link that ends before the signer reads the mail is of no use. */
    private static final Duration MIN_TIME_LEFT = Duration.ofMinutes(30);

    private final SignatureStreams streams;
    private final Petitions petitions;
    private final Signing.TokenLifetimes lifetimes;
    private final Clock clock;

    ReminderPolicy(SignatureStreams streams, Petitions petitions, Signing.TokenLifetimes lifetimes, Clock clock) {
        this.streams = streams;
        this.petitions = petitions;
        this.lifetimes = lifetimes;
        this.clock = clock;
    }

    /**
     * Tells whether a reminder may be sent now.
     *
     * @param pendingFor for how many seconds the round waits, as the notifier measured it. A round that is not half as
     *     old by the clock of this service gets no reminder: the clock of the notifier is wrong
     */
    boolean allows(UUID signature, int round, long pendingFor) {
        Instant now = clock.instant();
        return SignatureMails.unconfirmed(
                        streams.read(new SignatureId(signature)).history(), round)
                .filter(form -> !form.at().plusSeconds(pendingFor / 2).isAfter(now))
                .filter(form ->
                        now.isBefore(form.at().plus(lifetimes.verification()).minus(timeLeft())))
                .flatMap(form -> petitions.find(form.petition()))
                .filter(petition -> petition.reminders() && petition.isOpen(now))
                .isPresent();
    }

    /** A shortened lifetime, as in tests, has a shorter rest. */
    private Duration timeLeft() {
        Duration tenth = lifetimes.verification().dividedBy(10);
        return tenth.compareTo(MIN_TIME_LEFT) < 0 ? tenth : MIN_TIME_LEFT;
    }
}
