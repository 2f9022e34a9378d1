package org.countersign.signature.domain.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.CountryCode;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureInvalidated;
import org.countersign.events.SignatureReinstated;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.SignatureWithdrawn;
import org.countersign.signature.domain.signature.CaseDecision.Outcome;
import org.junit.jupiter.api.Test;

class CaseDecisionTest {

    private static final SignatureId ID = new SignatureId(new UUID(1, 1));
    private static final PetitionSlug PETITION = new PetitionSlug("more-trees");
    private static final Instant NOON = Instant.parse("2030-05-01T12:00:00Z");
    private static final CountryCode COUNTRY = new CountryCode("AM");
    private static final UUID CASE = new UUID(2, 2);
    private static final UUID OTHER_CASE = new UUID(3, 3);

    private static final SignatureEvent SIGNED = new PetitionSigned(
            ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.NONE, false, false, new Sealed(new byte[] {7}));
    private static final SignatureEvent VERIFIED = new SignatureVerified(ID, PETITION, NOON, 1, COUNTRY, false, "hash");

    private static SignatureInvalidated invalidated(SignatureStatus was, Optional<UUID> by) {
        return new SignatureInvalidated(ID, PETITION, NOON, 1, COUNTRY, was, "reason", by);
    }

    private static SignatureReinstated reinstated(SignatureStatus becomes, Optional<UUID> by) {
        return new SignatureReinstated(ID, PETITION, NOON, 1, COUNTRY, becomes, "reason", by);
    }

    private static CaseDecision invalidate(SignatureEvent... history) {
        return CaseDecision.invalidate(List.of(history), CASE, NOON, "reason");
    }

    private static CaseDecision undo(SignatureEvent... history) {
        return CaseDecision.reinstate(List.of(history), CASE, NOON, "reason");
    }

    private static CaseDecision without(Outcome outcome, boolean counted) {
        return new CaseDecision(outcome, Optional.empty(), counted);
    }

    @Test
    void a_case_invalidates_confirmed_and_pending_signatures() {
        assertThat(invalidate(SIGNED, VERIFIED))
                .isEqualTo(new CaseDecision(
                        Outcome.INVALIDATED,
                        Optional.of(invalidated(SignatureStatus.VERIFIED, Optional.of(CASE))),
                        true));
        assertThat(invalidate(SIGNED))
                .isEqualTo(new CaseDecision(
                        Outcome.INVALIDATED,
                        Optional.of(invalidated(SignatureStatus.PENDING, Optional.of(CASE))),
                        false));
    }

    @Test
    void a_repeated_decision_of_the_same_case_has_no_second_event() {
        assertThat(invalidate(SIGNED, VERIFIED, invalidated(SignatureStatus.VERIFIED, Optional.of(CASE))))
                .isEqualTo(without(Outcome.INVALIDATED, true));
        assertThat(undo(
                        SIGNED,
                        VERIFIED,
                        invalidated(SignatureStatus.VERIFIED, Optional.of(CASE)),
                        reinstated(SignatureStatus.VERIFIED, Optional.of(CASE))))
                .isEqualTo(without(Outcome.REINSTATED, true));
    }

    @Test
    void what_was_invalid_or_withdrawn_before_is_not_touched() {
        for (Optional<UUID> by : List.of(Optional.<UUID>empty(), Optional.of(OTHER_CASE))) {
            assertThat(invalidate(SIGNED, VERIFIED, invalidated(SignatureStatus.VERIFIED, by)))
                    .isEqualTo(without(Outcome.SKIPPED, false));
            assertThat(undo(SIGNED, VERIFIED, invalidated(SignatureStatus.VERIFIED, by)))
                    .isEqualTo(without(Outcome.KEPT, false));
        }
        assertThat(invalidate(SIGNED, new SignatureWithdrawn(ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.PENDING)))
                .isEqualTo(without(Outcome.SKIPPED, false));
        assertThat(invalidate()).isEqualTo(without(Outcome.SKIPPED, false));
    }

    @Test
    void an_undo_restores_the_earlier_status() {
        assertThat(undo(SIGNED, VERIFIED, invalidated(SignatureStatus.VERIFIED, Optional.of(CASE))))
                .isEqualTo(new CaseDecision(
                        Outcome.REINSTATED,
                        Optional.of(reinstated(SignatureStatus.VERIFIED, Optional.of(CASE))),
                        true));
        assertThat(undo(SIGNED, invalidated(SignatureStatus.PENDING, Optional.of(CASE))))
                .isEqualTo(new CaseDecision(
                        Outcome.REINSTATED,
                        Optional.of(reinstated(SignatureStatus.PENDING, Optional.of(CASE))),
                        false));
    }

    @Test
    void an_undo_keeps_what_was_decided_since() {
        List<SignatureEvent> history = new ArrayList<>(List.of(
                SIGNED,
                VERIFIED,
                invalidated(SignatureStatus.VERIFIED, Optional.of(CASE)),
                reinstated(SignatureStatus.VERIFIED, Optional.empty())));
        assertThat(CaseDecision.reinstate(history, CASE, NOON, "reason")).isEqualTo(without(Outcome.KEPT, false));
        history.add(invalidated(SignatureStatus.VERIFIED, Optional.empty()));
        assertThat(CaseDecision.reinstate(history, CASE, NOON, "reason")).isEqualTo(without(Outcome.KEPT, false));
    }
}
