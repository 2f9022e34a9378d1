package org.countersign.signature.domain.signature;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureInvalidated;
import org.countersign.events.SignatureReinstated;
import org.countersign.events.SignatureStatus;

/**
 * What a case of invalidations does to one of its signatures. The decision depends on the events of the signature
 * alone. A case that continues after a crash therefore decides the same again, and appends nothing twice.
 *
 * @param outcome what becomes of the signature in the case
 * @param event the event to append; empty if there is nothing to change, or the event is there already
 * @param counted whether the verified count changes, or has changed, by the outcome
 */
public record CaseDecision(Outcome outcome, Optional<SignatureEvent> event, boolean counted) {

    /** What became of a signature in a case. The codes in the database never change. */
    public enum Outcome {
        /** Nothing yet. */
        WAITING(0),
        /** The case invalidated the signature. */
        INVALIDATED(1),
        /** It was withdrawn, expired or invalid already. The case did not touch it. */
        SKIPPED(2),
        /** The case was undone, and the signature has its earlier status again. */
        REINSTATED(3),
        /** The case was undone, but another decision about the signature is newer. It stays as it is. */
        KEPT(4);

        private final int code;

        Outcome(int code) {
            this.code = code;
        }

        /** Returns the code in the database. */
        public int code() {
            return code;
        }
    }

    /**
     * Decides about the invalidation of a signature that a case has chosen.
     *
     * @param history the events of the signature, the first one first
     * @param invalidationCase the case
     * @param at the time of the decision
     * @param reason the reason for the history
     */
    public static CaseDecision invalidate(
            List<SignatureEvent> history, UUID invalidationCase, Instant at, String reason) {
        if (history.isEmpty()) {
            return without(Outcome.SKIPPED);
        }
        SignatureState state = SignatureState.of(history);
        if (state.isInvalidated()) {
            return lastModeration(history)
                    .filter(last -> isInvalidationOf(invalidationCase, last))
                    .map(last -> new CaseDecision(
                            Outcome.INVALIDATED, Optional.empty(), last.was() == SignatureStatus.VERIFIED))
                    .orElseGet(() -> without(Outcome.SKIPPED));
        }
        boolean verified = state.consent() == SignatureStatus.VERIFIED;
        if (!verified && state.consent() != SignatureStatus.PENDING) {
            return without(Outcome.SKIPPED);
        }
        SignatureId id = state.id();
        return new CaseDecision(
                Outcome.INVALIDATED,
                Optional.of(new SignatureInvalidated(
                        id,
                        state.petition(),
                        at,
                        state.round(),
                        state.country(),
                        state.consent(),
                        reason,
                        Optional.of(invalidationCase))),
                verified);
    }

    /**
     * Decides about the reversal of an invalidation by a case. Only the newest decision about the signature can be
     * reversed: an organiser may have decided otherwise since.
     *
     * @param history the events of the signature, the first one first
     * @param invalidationCase the case
     * @param at the time of the decision
     * @param reason the reason for the history
     */
    public static CaseDecision reinstate(
            List<SignatureEvent> history, UUID invalidationCase, Instant at, String reason) {
        Optional<SignatureEvent> last = lastModeration(history);
        if (last.filter(event -> isInvalidationOf(invalidationCase, event)).isPresent()) {
            SignatureState state = SignatureState.of(history);
            return new CaseDecision(
                    Outcome.REINSTATED,
                    Optional.of(new SignatureReinstated(
                            state.id(),
                            state.petition(),
                            at,
                            state.round(),
                            state.country(),
                            state.consent(),
                            reason,
                            Optional.of(invalidationCase))),
                    state.consent() == SignatureStatus.VERIFIED);
        }
        return last.filter(event -> event instanceof SignatureReinstated reinstated
                        && reinstated.invalidationCase().equals(Optional.of(invalidationCase)))
                .map(event -> new CaseDecision(
                        Outcome.REINSTATED, Optional.empty(), event.becomes() == SignatureStatus.VERIFIED))
                .orElseGet(() -> without(Outcome.KEPT));
    }

    private static CaseDecision without(Outcome outcome) {
        return new CaseDecision(outcome, Optional.empty(), false);
    }

    private static boolean isInvalidationOf(UUID invalidationCase, SignatureEvent event) {
        return event instanceof SignatureInvalidated invalidated
                && invalidated.invalidationCase().equals(Optional.of(invalidationCase));
    }

    private static Optional<SignatureEvent> lastModeration(List<SignatureEvent> history) {
        return history.stream()
                .filter(event -> event instanceof SignatureInvalidated || event instanceof SignatureReinstated)
                .reduce((earlier, later) -> later);
    }
}
