package org.countersign.signature.domain.signature;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.countersign.events.CountryCode;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
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
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawSignature;

/** The history of one signature, to which commands are applied an hour apart. */
final class SignatureModel {

    /** What signers, moderators and the service can do. */
    enum Step {
        SIGN("sign"),
        CONFIRM("confirm"),
        CONFIRM_FIRST("confirm with the first mail"),
        CONFIRM_CORRECTED("confirm a corrected form"),
        WITHDRAW("withdraw"),
        EXPIRE("expire"),
        INVALIDATE("invalidate"),
        REINSTATE("reinstate"),
        ERASE("erase"),
        STOP_UPDATES("stop updates"),
        WITHDRAW_CONSENT("withdraw consent");

        private final String text;

        Step(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final SignatureId ID = new SignatureId(UUID.fromString("5f0c3f0e-2a7b-8c1d-9e4f-0123456789ab"));
    private static final PetitionSlug PETITION = new PetitionSlug("more-trees");
    private static final Instant START = Instant.parse("2030-05-01T12:00:00Z");
    private static final Sealed SEALED = new Sealed(new byte[] {7});
    private static final SignerInput INPUT =
            new SignerInput(PETITION, new CountryCode("AM"), true, true, SEALED, new byte[] {9});
    private static final SignerInput CORRECTED =
            new SignerInput(PETITION, new CountryCode("DE"), false, true, SEALED, new byte[] {8});

    private final List<SignatureEvent> events;

    private SignatureModel(List<SignatureEvent> events) {
        this.events = List.copyOf(events);
    }

    /** A signature that nobody has signed yet. */
    static SignatureModel none() {
        return new SignatureModel(List.of());
    }

    List<SignatureEvent> events() {
        return events;
    }

    boolean isSigned() {
        return !events.isEmpty();
    }

    SignatureState state() {
        return SignatureState.of(events);
    }

    /**
     * Returns the events that follow from a step.
     *
     * @throws Rejection if the step is rejected
     */
    List<SignatureEvent> decide(Step step) {
        Instant at = START.plus(Duration.ofHours(events.size()));
        if (!isSigned()) {
            return step == Step.SIGN ? List.of(SignatureDecisions.sign(new SignPetition(ID, at, INPUT))) : List.of();
        }
        SignatureState state = state();
        Function<Integer, VerifySignature> confirm = round -> new VerifySignature(ID, at, round, Optional.empty());
        return switch (step) {
            case SIGN -> SignatureDecisions.signAgain(state, new SignAgain(ID, at, 1, INPUT, SEALED, new byte[] {6}));
            case CONFIRM -> SignatureDecisions.verify(state, confirm.apply(newestMail()), (petition, time) -> true);
            case CONFIRM_FIRST ->
                SignatureDecisions.verify(state, confirm.apply(state.firstRound()), (petition, time) -> true);
            case CONFIRM_CORRECTED ->
                SignatureDecisions.verify(
                        state,
                        new VerifySignature(ID, at, newestMail(), Optional.of(CORRECTED)),
                        (petition, time) -> true);
            case WITHDRAW -> SignatureDecisions.withdraw(state, new WithdrawSignature(ID, at, newestMail()));
            case EXPIRE -> SignatureDecisions.expire(state, new ExpireSignature(ID, at, oldestPending(state)));
            case INVALIDATE -> SignatureDecisions.invalidate(state, new InvalidateSignature(ID, at, "reason"));
            case REINSTATE -> SignatureDecisions.reinstate(state, new ReinstateSignature(ID, at, "reason"));
            case ERASE -> SignatureDecisions.erase(state, new EraseSigner(ID, at));
            case STOP_UPDATES -> SignatureDecisions.stopUpdates(state, new StopUpdates(ID, at));
            case WITHDRAW_CONSENT ->
                SignatureDecisions.withdrawConsent(
                        state, new WithdrawConsent(ID, at, Optional.of(newestMail()), false));
        };
    }

    /** Returns the round of the newest mail: that of the newest sign call. */
    private int newestMail() {
        return events.stream()
                .filter(event -> event instanceof PetitionSigned signed && signed.corrects() == 0)
                .mapToInt(SignatureEvent::round)
                .max()
                .orElseThrow();
    }

    private static int oldestPending(SignatureState state) {
        for (int round = state.firstRound(); round <= state.newestRound(); round++) {
            if (state.pending(round).isPresent()) {
                return round;
            }
        }
        return state.newestRound();
    }

    /** Returns the history after a step. A rejected step changes nothing. */
    SignatureModel after(Step step) {
        List<SignatureEvent> all = new ArrayList<>(events);
        try {
            all.addAll(decide(step));
        } catch (Rejection e) {
            return this;
        }
        return new SignatureModel(all);
    }

    SignatureModel after(Step... steps) {
        SignatureModel model = this;
        for (Step step : steps) {
            model = model.after(step);
        }
        return model;
    }

    /** Returns the state in words, as the table of states names it. */
    String stateText() {
        if (!isSigned()) {
            return "none";
        }
        SignatureState state = state();
        return state.consent().text()
                + (state.isInvalidated() ? ", invalidated" : "")
                + (state.isErased() ? ", erased" : "");
    }
}
