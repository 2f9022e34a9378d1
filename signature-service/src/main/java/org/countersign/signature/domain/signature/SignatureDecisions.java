package org.countersign.signature.domain.signature;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.countersign.events.ContactConsentWithdrawn;
import org.countersign.events.EventJson;
import org.countersign.events.PetitionSigned;
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
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.signature.SignatureCommand.EraseSigner;
import org.countersign.signature.domain.signature.SignatureCommand.ExpireSignature;
import org.countersign.signature.domain.signature.SignatureCommand.InvalidateSignature;
import org.countersign.signature.domain.signature.SignatureCommand.ReinstateSignature;
import org.countersign.signature.domain.signature.SignatureCommand.SignAgain;
import org.countersign.signature.domain.signature.SignatureCommand.SignPetition;
import org.countersign.signature.domain.signature.SignatureCommand.SignerInput;
import org.countersign.signature.domain.signature.SignatureCommand.StopUpdates;
import org.countersign.signature.domain.signature.SignatureCommand.VerifySignature;
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawConsent;
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawContactConsent;
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawSignature;

/**
 * Decides which events follow from a command, given the state of the signature. The table in
 * {@code docs/signature-states.md} lists every decision, and a test compares it with this class.
 */
final class SignatureDecisions {

    private SignatureDecisions() {}

    /** Decides about the first sign call of an address. */
    static PetitionSigned sign(SignPetition command) {
        return signed(command.signature(), command.at(), 1, SignatureStatus.NONE, command.input(), 0);
    }

    /**
     * Decides about a sign call of an address that has signed before. Each call begins a new round, so that the link in
     * its mail confirms its own form. A confirmed signature does not change.
     *
     * @return no event if the address got too many mails; {@link MailAllowance#next} says when to try again
     */
    static List<SignatureEvent> signAgain(SignatureState state, SignAgain command) {
        if (!state.mails().allows(command.at())) {
            return List.of();
        }
        if (state.consent() == SignatureStatus.VERIFIED) {
            // The address in the mail is that of the confirmed round, unless it was erased.
            return List.of(new SigningRepeated(
                    state.id(),
                    state.petition(),
                    command.at(),
                    state.round(),
                    state.country(),
                    state.status(),
                    state.isErased() ? Optional.of(command.address()) : Optional.empty()));
        }
        return List.of(signed(state.id(), command.at(), state.newestRound() + 1, state.status(), command.input(), 0));
    }

    private static PetitionSigned signed(
            SignatureId id, Instant at, int round, SignatureStatus was, SignerInput input, int corrects) {
        return new PetitionSigned(
                id,
                input.petition(),
                at,
                round,
                input.country(),
                was,
                input.publicly(),
                input.updates(),
                input.sealed(),
                corrects,
                input.given());
    }

    /**
     * Decides about the confirmation of a round.
     *
     * @throws Rejection if this round cannot be confirmed any more
     */
    static List<SignatureEvent> verify(SignatureState state, VerifySignature command, ConfirmationPolicy policy) {
        requireCurrent(state, command.round());
        if (state.isInvalidated()) {
            throw new Rejection(Rejection.Reason.WAS_INVALIDATED);
        }
        switch (state.consent()) {
            case PENDING -> {
                PetitionSigned form = state.pending(command.round())
                        .orElseThrow(() -> new Rejection(Rejection.Reason.NOT_CONFIRMED_IN_TIME));
                if (!policy.acceptsConfirmations(state.petition(), command.at())) {
                    throw new Rejection(Rejection.Reason.CLOSED_LONG);
                }
                return command.correction()
                        .map(corrected -> confirmCorrected(state, command, corrected))
                        .orElseGet(() -> List.of(verified(command.at(), form, state.wantsUpdates())));
            }
            case VERIFIED -> {
                if (!state.isConfirmedBy(command.round())) {
                    throw new Rejection(Rejection.Reason.OTHER_MAIL_CONFIRMED);
                }
                // Confirming twice gives the same result.
                return List.of();
            }
            case EXPIRED -> throw new Rejection(Rejection.Reason.NOT_CONFIRMED_IN_TIME);
            default -> throw new Rejection(Rejection.Reason.WAS_WITHDRAWN);
        }
    }

    private static List<SignatureEvent> confirmCorrected(
            SignatureState state, VerifySignature command, SignerInput corrected) {
        PetitionSigned form =
                signed(state.id(), command.at(), state.newestRound() + 1, state.status(), corrected, command.round());
        return List.of(form, verified(command.at(), form, true));
    }

    private static SignatureVerified verified(Instant at, PetitionSigned form, boolean updatesAllowed) {
        return new SignatureVerified(
                form.signature(),
                form.petition(),
                at,
                form.round(),
                form.country(),
                form.updates() && updatesAllowed,
                EventJson.hash(form));
    }

    /**
     * Decides about the signer's withdrawal.
     *
     * @throws Rejection if the link belongs to an earlier signature
     */
    static List<SignatureEvent> withdraw(SignatureState state, WithdrawSignature command) {
        requireCurrent(state, command.round());
        return state.consent() == SignatureStatus.WITHDRAWN ? List.of() : List.of(withdrawn(state, command.at()));
    }

    private static SignatureWithdrawn withdrawn(SignatureState state, Instant at) {
        return new SignatureWithdrawn(state.id(), state.petition(), at, state.round(), state.country(), state.status());
    }

    /** Rejects links from before the last withdrawal or expiry, which may still be in a mailbox. */
    private static void requireCurrent(SignatureState state, int link) {
        if (link < state.firstRound() || link > state.newestRound()) {
            throw new Rejection(Rejection.Reason.EARLIER_SIGNATURE);
        }
    }

    /** Decides about a round that was not confirmed in time. */
    static List<SignatureEvent> expire(SignatureState state, ExpireSignature command) {
        if (state.pending(command.round()).isEmpty()) {
            return List.of();
        }
        boolean last = !state.hasPendingAfter(command.round());
        SignatureStatus becomes =
                state.status().unlessInvalidated(last ? SignatureStatus.EXPIRED : SignatureStatus.PENDING);
        List<SignatureEvent> events = new ArrayList<>();
        events.add(new SignatureExpired(
                state.id(), state.petition(), command.at(), command.round(), state.country(), state.status(), becomes));
        if (last && !state.isErased()) {
            events.add(erased(state, command.at(), becomes));
        }
        return events;
    }

    /** Decides about a moderator's invalidation. */
    static List<SignatureEvent> invalidate(SignatureState state, InvalidateSignature command) {
        return state.isInvalidated()
                ? List.of()
                : List.of(new SignatureInvalidated(
                        state.id(),
                        state.petition(),
                        command.at(),
                        state.round(),
                        state.country(),
                        state.consent(),
                        command.reason()));
    }

    /** Decides about the reversal of an invalidation. */
    static List<SignatureEvent> reinstate(SignatureState state, ReinstateSignature command) {
        return state.isInvalidated()
                ? List.of(new SignatureReinstated(
                        state.id(),
                        state.petition(),
                        command.at(),
                        state.round(),
                        state.country(),
                        state.consent(),
                        command.reason()))
                : List.of();
    }

    /** Decides about the erasure of personal data. A signature that waits for confirmation ends, for lack of data. */
    static List<SignatureEvent> erase(SignatureState state, EraseSigner command) {
        List<SignatureEvent> events = new ArrayList<>();
        SignatureStatus status = state.status();
        if (state.consent() == SignatureStatus.PENDING) {
            SignatureWithdrawn withdrawn = withdrawn(state, command.at());
            events.add(withdrawn);
            status = withdrawn.becomes();
        }
        if (!state.isErased() || command.callsWait()) {
            events.add(erased(state, command.at(), status));
        }
        return events;
    }

    private static SignerErased erased(SignatureState state, Instant at, SignatureStatus status) {
        return new SignerErased(state.id(), state.petition(), at, state.newestRound(), state.country(), status);
    }

    /** Decides about the end of milestone mails. */
    static List<SignatureEvent> stopUpdates(SignatureState state, StopUpdates command) {
        return state.wantsUpdates()
                ? List.of(new UpdatesStopped(
                        state.id(), state.petition(), command.at(), state.round(), state.country(), state.status()))
                : List.of();
    }

    /** Decides about the end of the consent to be contacted. */
    static List<SignatureEvent> withdrawContact(SignatureState state, WithdrawContactConsent command) {
        return state.allowsContact()
                ? List.of(new ContactConsentWithdrawn(
                        state.id(), state.petition(), command.at(), state.round(), state.country(), state.status()))
                : List.of();
    }

    /**
     * Decides about the withdrawal of the consent to the processing. It withdraws and erases in one step.
     *
     * @throws Rejection if the link belongs to an earlier signature
     */
    static List<SignatureEvent> withdrawConsent(SignatureState state, WithdrawConsent command) {
        command.link().ifPresent(link -> requireCurrent(state, link));
        List<SignatureEvent> events = new ArrayList<>();
        SignatureStatus status = state.status();
        if (state.consent() == SignatureStatus.PENDING || state.consent() == SignatureStatus.VERIFIED) {
            SignatureWithdrawn withdrawn = withdrawn(state, command.at());
            events.add(withdrawn);
            status = withdrawn.becomes();
        }
        if (!state.isErased() || command.callsWait()) {
            events.add(erased(state, command.at(), status));
        }
        return events;
    }
}
