package org.countersign.signature.domain.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.matchers.Matchers;
import org.countersign.events.CountryCode;
import org.countersign.events.EventJson;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureExpired;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureInvalidated;
import org.countersign.events.SignatureReinstated;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.events.SignatureWithdrawn;
import org.countersign.events.SignerConsent;
import org.countersign.events.SignerErased;
import org.countersign.events.SigningRepeated;
import org.countersign.events.UpdatesStopped;
import org.countersign.signature.domain.EventMetaData;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.signature.SignatureCommand.EraseSigner;
import org.countersign.signature.domain.signature.SignatureCommand.ExpireSignature;
import org.countersign.signature.domain.signature.SignatureCommand.InvalidateSignature;
import org.countersign.signature.domain.signature.SignatureCommand.ReinstateSignature;
import org.countersign.signature.domain.signature.SignatureCommand.SignAgain;
import org.countersign.signature.domain.signature.SignatureCommand.SignerInput;
import org.countersign.signature.domain.signature.SignatureCommand.StopUpdates;
import org.countersign.signature.domain.signature.SignatureCommand.VerifySignature;
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawSignature;
import org.countersign.transparency.Merkle;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SignatureAggregateTest {

    private static final SignatureId ID = new SignatureId(UUID.fromString("5f0c3f0e-2a7b-8c1d-9e4f-0123456789ab"));
    private static final PetitionSlug PETITION = new PetitionSlug("more-trees");
    private static final CountryCode COUNTRY = new CountryCode("AM");
    private static final Instant NOON = Instant.parse("2030-05-01T12:00:00Z");
    private static final Instant LATER = NOON.plus(Duration.ofHours(1));
    private static final Sealed ADDRESS = new Sealed(new byte[] {6});
    private static final Sealed SEALED = new Sealed(new byte[] {7});
    private static final SignerInput INPUT = new SignerInput(PETITION, COUNTRY, true, true, SEALED, new byte[] {9});

    private static final PetitionSigned SIGNED = signed(1, SignatureStatus.NONE);
    private static final SignatureVerified VERIFIED = verified(NOON, SIGNED);
    private static final SignatureWithdrawn WITHDRAWN =
            new SignatureWithdrawn(ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.VERIFIED);
    private static final SignatureExpired EXPIRED =
            new SignatureExpired(ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.PENDING, SignatureStatus.EXPIRED);
    private static final SignatureInvalidated INVALIDATED =
            new SignatureInvalidated(ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.VERIFIED, "not a person");

    private final FixtureConfiguration<SignatureAggregate> fixture =
            new AggregateTestFixture<>(SignatureAggregate.class);

    private static PetitionSigned signed(int round, SignatureStatus was) {
        return new PetitionSigned(ID, PETITION, round == 1 ? NOON : LATER, round, COUNTRY, was, true, true, SEALED);
    }

    private static SignatureVerified verified(Instant at, PetitionSigned form) {
        String data = Base64.getEncoder().encodeToString(Merkle.sha256(EventJson.data(form)));
        return new SignatureVerified(ID, PETITION, at, form.round(), form.country(), form.updates(), data);
    }

    private static VerifySignature verify(int round) {
        return new VerifySignature(ID, LATER, round, Optional.empty());
    }

    private static SignAgain again(Instant at) {
        return new SignAgain(ID, at, 42, INPUT, ADDRESS, new byte[] {8});
    }

    private static SigningRepeated repeated(Instant at, SignatureStatus status, Optional<Sealed> address) {
        return new SigningRepeated(ID, PETITION, at, 1, COUNTRY, status, address);
    }

    private static WithdrawSignature withdraw(int round) {
        return new WithdrawSignature(ID, LATER, round);
    }

    @Nested
    class Sign {

        @Test
        void makes_the_signature_pending_and_passes_the_secret_as_metadata() {
            fixture.givenNoPriorActivity()
                    .when(again(NOON))
                    .expectEvents(SIGNED)
                    .expectEventsMatching(Matchers.<List<EventMessage<?>>>predicate(events -> Arrays.equals(
                            new byte[] {9}, (byte[]) events.get(0).getMetaData().get(EventMetaData.SECRET))));
        }

        @Test
        void again_while_pending_begins_a_new_round_with_the_new_form() {
            fixture.given(SIGNED)
                    .when(again(LATER))
                    .expectEvents(signed(2, SignatureStatus.PENDING))
                    .expectEventsMatching(Matchers.<List<EventMessage<?>>>predicate(events ->
                            Long.valueOf(42).equals(events.get(0).getMetaData().get(EventMetaData.REPEATED_SIGNING))));
        }

        @Test
        void again_after_confirmation_only_sends_a_mail() {
            fixture.given(SIGNED, VERIFIED)
                    .when(again(LATER))
                    .expectEvents(repeated(LATER, SignatureStatus.VERIFIED, Optional.empty()));
        }

        @Test
        void again_after_confirmation_and_erasure_keeps_only_the_address() {
            fixture.given(SIGNED, VERIFIED, erased(NOON, SignatureStatus.VERIFIED))
                    .when(again(LATER))
                    .expectEvents(repeated(LATER, SignatureStatus.VERIFIED, Optional.of(ADDRESS)));
        }

        @Test
        void sends_at_most_five_mails_at_once_and_then_one_in_ten_minutes() {
            SigningRepeated more = repeated(NOON, SignatureStatus.VERIFIED, Optional.empty());
            fixture.given(SIGNED, VERIFIED, more, more, more).when(again(NOON)).expectEvents(more);
            fixture.given(SIGNED, VERIFIED, more, more, more, more)
                    .when(again(NOON.plusSeconds(60)))
                    .expectNoEvents()
                    .expectResultMessagePayload(Optional.of(NOON.plusSeconds(600)));
            fixture.given(SIGNED, VERIFIED, more, more, more, more)
                    .when(again(NOON.plusSeconds(600)))
                    .expectEvents(repeated(NOON.plusSeconds(600), SignatureStatus.VERIFIED, Optional.empty()));
        }

        @Test
        void sends_mails_again_after_a_clock_was_ahead() {
            Instant ahead = NOON.plus(Duration.ofDays(365));
            fixture.given(
                            SIGNED,
                            VERIFIED,
                            repeated(ahead, SignatureStatus.VERIFIED, Optional.empty()),
                            repeated(ahead, SignatureStatus.VERIFIED, Optional.empty()),
                            repeated(ahead, SignatureStatus.VERIFIED, Optional.empty()))
                    .when(again(LATER))
                    .expectEvents(repeated(LATER, SignatureStatus.VERIFIED, Optional.empty()));
        }

        @Test
        void after_withdrawal_begins_a_new_round() {
            fixture.given(SIGNED, VERIFIED, WITHDRAWN)
                    .when(again(LATER))
                    .expectEvents(signed(2, SignatureStatus.WITHDRAWN));
        }

        @Test
        void after_expiry_begins_a_new_round() {
            fixture.given(SIGNED, EXPIRED).when(again(LATER)).expectEvents(signed(2, SignatureStatus.EXPIRED));
        }

        @Test
        void does_not_undo_an_invalidation() {
            fixture.given(SIGNED, VERIFIED, INVALIDATED)
                    .when(again(LATER))
                    .expectEvents(repeated(LATER, SignatureStatus.INVALIDATED, Optional.empty()));
        }

        @Test
        void after_withdrawing_an_invalidated_signature_does_not_undo_the_invalidation() {
            SignatureWithdrawn withdrawn =
                    new SignatureWithdrawn(ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.INVALIDATED);
            fixture.given(SIGNED, VERIFIED, INVALIDATED, withdrawn)
                    .when(again(LATER))
                    .expectEvents(signed(2, SignatureStatus.INVALIDATED));
            Verify.assertRejected(2, SIGNED, VERIFIED, INVALIDATED, withdrawn, signed(2, SignatureStatus.INVALIDATED));
        }
    }

    @Nested
    class Verify {

        private static List<SignatureEvent> confirm(int round, SignatureEvent... given) {
            return verify(round).decide(List.of(given), (petition, at) -> true);
        }

        private static void assertRejected(int round, SignatureEvent... given) {
            assertThatThrownBy(() -> confirm(round, given)).isInstanceOf(Rejection.class);
        }

        @Test
        void makes_the_signature_count() {
            assertThat(confirm(1, SIGNED)).containsExactly(verified(LATER, SIGNED));
        }

        @Test
        void confirms_the_round_of_the_link_and_no_other() {
            PetitionSigned strangers = signed(2, SignatureStatus.PENDING);
            assertThat(confirm(1, SIGNED, strangers)).containsExactly(verified(LATER, SIGNED));
            assertThat(confirm(2, SIGNED, strangers)).containsExactly(verified(LATER, strangers));
            assertRejected(2, SIGNED, strangers, VERIFIED);
        }

        @Test
        void with_a_correction_confirms_the_corrected_form() {
            CountryCode corrected = new CountryCode("DE");
            SignerInput input = new SignerInput(PETITION, corrected, false, false, SEALED, new byte[] {5});
            PetitionSigned form = new PetitionSigned(
                    ID,
                    PETITION,
                    LATER,
                    2,
                    corrected,
                    SignatureStatus.PENDING,
                    false,
                    false,
                    SEALED,
                    1,
                    SignerConsent.NONE);
            VerifySignature command = new VerifySignature(ID, LATER, 1, Optional.of(input));
            assertThat(command.decide(List.of(SIGNED), (petition, at) -> true))
                    .containsExactly(form, verified(LATER, form));
            assertThat(confirm(1, SIGNED, form, verified(LATER, form))).isEmpty();
        }

        @Test
        void is_idempotent() {
            assertThat(confirm(1, SIGNED, VERIFIED)).isEmpty();
        }

        @Test
        void is_rejected_before_signing() {
            assertRejected(1);
        }

        @Test
        void is_rejected_after_withdrawal() {
            assertRejected(1, SIGNED, VERIFIED, WITHDRAWN);
        }

        @Test
        void is_rejected_after_expiry() {
            assertRejected(1, SIGNED, EXPIRED);
        }

        @Test
        void is_rejected_while_invalidated() {
            assertRejected(1, SIGNED, INVALIDATED);
        }

        @Test
        void is_rejected_if_the_petition_closed_too_long_ago() {
            assertThatThrownBy(() -> verify(1).decide(List.of(SIGNED), (petition, at) -> false))
                    .isInstanceOf(Rejection.class);
        }

        @Test
        void rejects_links_of_earlier_rounds() {
            assertRejected(1, SIGNED, VERIFIED, WITHDRAWN, signed(2, SignatureStatus.WITHDRAWN));
        }
    }

    @Nested
    class Withdraw {

        @Test
        void removes_the_signature_from_the_count() {
            fixture.given(SIGNED, VERIFIED)
                    .when(withdraw(1))
                    .expectEvents(new SignatureWithdrawn(ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.VERIFIED));
        }

        @Test
        void is_possible_before_confirmation() {
            fixture.given(SIGNED)
                    .when(withdraw(1))
                    .expectEvents(new SignatureWithdrawn(ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.PENDING));
        }

        @Test
        void is_idempotent() {
            fixture.given(SIGNED, VERIFIED, WITHDRAWN)
                    .when(withdraw(1))
                    .expectNoEvents()
                    .expectResultMessagePayload(PETITION);
        }

        @Test
        void rejects_links_of_earlier_rounds() {
            fixture.given(SIGNED, VERIFIED, WITHDRAWN, signed(2, SignatureStatus.WITHDRAWN))
                    .when(withdraw(1))
                    .expectException(Rejection.class)
                    .expectNoEvents();
        }
    }

    @Nested
    class Expire {

        @Test
        void expires_a_pending_signature_and_erases_its_data() {
            fixture.given(SIGNED)
                    .when(new ExpireSignature(ID, LATER, 1))
                    .expectEvents(
                            new SignatureExpired(
                                    ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.PENDING, SignatureStatus.EXPIRED),
                            erased(LATER, SignatureStatus.EXPIRED));
        }

        @Test
        void of_one_round_keeps_the_later_ones() {
            fixture.given(SIGNED, signed(2, SignatureStatus.PENDING))
                    .when(new ExpireSignature(ID, LATER, 1))
                    .expectEvents(new SignatureExpired(
                            ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.PENDING, SignatureStatus.PENDING));
        }

        @Test
        void ends_a_pending_signature_that_was_invalidated_and_reinstated() {
            fixture.given(
                            SIGNED,
                            new SignatureInvalidated(
                                    ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.PENDING, "not a person"),
                            new SignatureReinstated(
                                    ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.PENDING, "a person"))
                    .when(new ExpireSignature(ID, LATER, 1))
                    .expectEvents(
                            new SignatureExpired(
                                    ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.PENDING, SignatureStatus.EXPIRED),
                            erased(LATER, SignatureStatus.EXPIRED));
        }

        @Test
        void keeps_a_verified_signature() {
            fixture.given(SIGNED, VERIFIED)
                    .when(new ExpireSignature(ID, LATER, 1))
                    .expectNoEvents();
        }

        @Test
        void keeps_the_next_round() {
            fixture.given(SIGNED, EXPIRED, signed(2, SignatureStatus.EXPIRED))
                    .when(new ExpireSignature(ID, LATER, 1))
                    .expectNoEvents();
        }
    }

    @Nested
    class Moderate {

        @Test
        void invalidates_a_verified_signature() {
            fixture.given(SIGNED, VERIFIED)
                    .when(new InvalidateSignature(ID, LATER, "not a person"))
                    .expectEvents(new SignatureInvalidated(
                            ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.VERIFIED, "not a person"));
        }

        @Test
        void a_second_invalidation_changes_nothing() {
            fixture.given(SIGNED, INVALIDATED)
                    .when(new InvalidateSignature(ID, LATER, "again"))
                    .expectNoEvents();
        }

        @Test
        void reinstates_the_status_before_the_invalidation() {
            fixture.given(SIGNED, VERIFIED, INVALIDATED)
                    .when(new ReinstateSignature(ID, LATER, "a person"))
                    .expectEvents(new SignatureReinstated(
                            ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.VERIFIED, "a person"));
        }

        @Test
        void reinstating_a_valid_signature_changes_nothing() {
            fixture.given(SIGNED, VERIFIED)
                    .when(new ReinstateSignature(ID, LATER, "a person"))
                    .expectNoEvents();
        }

        @Test
        void lets_the_signer_withdraw_an_invalidated_signature() {
            fixture.given(SIGNED, VERIFIED, INVALIDATED)
                    .when(withdraw(1))
                    .expectEvents(new SignatureWithdrawn(ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.INVALIDATED));
        }
    }

    @Test
    void stopping_updates_is_idempotent() {
        UpdatesStopped stopped = new UpdatesStopped(ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.VERIFIED);
        fixture.given(SIGNED, VERIFIED).when(new StopUpdates(ID, LATER)).expectEvents(stopped);
        fixture.given(SIGNED, VERIFIED, stopped)
                .when(new StopUpdates(ID, LATER))
                .expectNoEvents();
    }

    private static SignerErased erased(Instant at, SignatureStatus status) {
        return new SignerErased(ID, PETITION, at, 1, COUNTRY, status);
    }

    @Nested
    class Erase {

        private final SignerErased erased = erased(LATER, SignatureStatus.VERIFIED);

        @Test
        void keeps_the_status() {
            fixture.given(SIGNED, VERIFIED)
                    .when(new EraseSigner(ID, LATER))
                    .expectEvents(erased)
                    .expectResultMessagePayload(new SignatureView(ID, PETITION, SignatureStatus.VERIFIED));
        }

        @Test
        void is_idempotent() {
            fixture.given(SIGNED, VERIFIED, erased)
                    .when(new EraseSigner(ID, LATER))
                    .expectNoEvents()
                    .expectResultMessagePayload(new SignatureView(ID, PETITION, SignatureStatus.VERIFIED));
        }

        @Test
        void is_recorded_again_while_sign_calls_wait_because_its_event_ends_them() {
            fixture.given(SIGNED, VERIFIED, erased)
                    .when(new EraseSigner(ID, LATER, true))
                    .expectEvents(erased);
        }

        @Test
        void before_confirmation_withdraws_the_signature() {
            fixture.given(SIGNED)
                    .when(new EraseSigner(ID, LATER))
                    .expectEvents(
                            new SignatureWithdrawn(ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.PENDING),
                            erased(LATER, SignatureStatus.WITHDRAWN));
        }
    }
}
