package org.countersign.signature.domain.signature;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.countersign.events.PetitionSigned;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureStatus;
import org.countersign.signature.domain.signature.SignatureCommand.SignAgain;
import org.countersign.signature.domain.signature.SignatureCommand.SignerInput;

/** Decides about further mails of a signature: one that the signer asks for, and reminders. */
public final class SignatureMails {

    private SignatureMails() {}

    /**
     * Returns the round whose form a mail that is sent again is about.
     *
     * @param history the events of the signature; may be empty
     * @return empty if nobody has signed, or the signer has left
     */
    public static Optional<Integer> newestForm(List<SignatureEvent> history) {
        if (history.isEmpty()) {
            return Optional.empty();
        }
        SignatureState state = SignatureState.of(history);
        boolean active = state.consent() == SignatureStatus.PENDING || state.consent() == SignatureStatus.VERIFIED;
        return active && !state.isErased() ? Optional.of(state.round()) : Optional.empty();
    }

    /**
     * Returns the form of a round if its signer may be reminded to confirm it: the newest one that waits, of a
     * signature that was not invalidated and not erased.
     *
     * @param history the events of the signature; may be empty
     * @param round the round of the mail that the signer has got
     */
    public static Optional<PetitionSigned> unconfirmed(List<SignatureEvent> history, int round) {
        if (history.isEmpty()) {
            return Optional.empty();
        }
        SignatureState state = SignatureState.of(history);
        boolean waits = state.consent() == SignatureStatus.PENDING && !state.isInvalidated() && !state.isErased();
        return waits && state.newestRound() == round ? state.pending(round) : Optional.empty();
    }

    /**
     * Decides about a mail that the signer asks for again, as about a sign call with the same form.
     *
     * @param history the events of the signature, at least one
     * @param input the form of {@link #newestForm}, sealed again
     * @return no event if the address got too many mails
     */
    public static List<SignatureEvent> again(List<SignatureEvent> history, SignerInput input, Instant now) {
        SignatureState state = SignatureState.of(history);
        SignAgain command = new SignAgain(state.id(), now, 0, input, input.sealed(), input.secret());
        return SignatureDecisions.signAgain(state, command);
    }
}
