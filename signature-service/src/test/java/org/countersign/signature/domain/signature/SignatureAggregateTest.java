package org.countersign.signature.domain.signature;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.matchers.Matchers;
import org.countersign.events.CountryCode;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
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
import org.countersign.signature.domain.EventMetaData;
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
import org.countersign.signature.domain.signature.SignatureCommand.WithdrawSignature;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SignatureAggregateTest {

    private static final SignatureId ID = new SignatureId(UUID.fromString("5f0c3f0e-2a7b-8c1d-9e4f-0123456789ab"));
    private static final PetitionSlug PETITION = new PetitionSlug("more-trees");
    private static final CountryCode COUNTRY = new CountryCode("AM");
    private static final Instant NOON = Instant.parse("2030-05-01T12:00:00Z");
    private static final Instant LATER = NOON.plus(Duration.ofHours(1));
    private static final Sealed SEALED = new Sealed(new byte[] {7});
    private static final SignerInput INPUT = new SignerInput(PETITION, COUNTRY, true, true, SEALED, new byte[] {9});

    private static final PetitionSigned SIGNED = signed(1, SignatureStatus.NONE);
    private static final SignatureVerified VERIFIED = new SignatureVerified(ID, PETITION, NOON, 1, COUNTRY, true);
    private static final SignatureWithdrawn WITHDRAWN =
            new SignatureWithdrawn(ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.VERIFIED);
    private static final SignatureExpired EXPIRED = new SignatureExpired(ID, PETITION, NOON, 1, COUNTRY);
    private static final SignatureInvalidated INVALIDATED =
            new SignatureInvalidated(ID, PETITION, NOON, 1, COUNTRY, SignatureStatus.VERIFIED, "not a person");

    private final FixtureConfiguration<SignatureAggregate> fixture = fixture((petition, at) -> true);

    private static FixtureConfiguration<SignatureAggregate> fixture(ConfirmationPolicy policy) {
        return new AggregateTestFixture<>(SignatureAggregate.class).registerInjectableResource(policy);
    }

    private static PetitionSigned signed(int round, SignatureStatus was) {
        return new PetitionSigned(ID, PETITION, round == 1 ? NOON : LATER, round, COUNTRY, was, true, true, SEALED);
    }

    private static VerifySignature verify(int round) {
        return new VerifySignature(ID, LATER, round);
    }

    private static WithdrawSignature withdraw(int round) {
        return new WithdrawSignature(ID, LATER, round);
    }

    @Nested
    class Sign {

        @Test
        void makes_the_signature_pending_and_passes_the_secret_as_metadata() {
            fixture.givenNoPriorActivity()
                    .when(new SignPetition(ID, NOON, INPUT))
                    .expectEvents(SIGNED)
                    .expectEventsMatching(Matchers.<List<EventMessage<?>>>predicate(events -> Arrays.equals(
                            new byte[] {9}, (byte[]) events.get(0).getMetaData().get(EventMetaData.SECRET))));
        }

        @Test
        void again_while_pending_only_repeats_the_mail() {
            fixture.given(SIGNED)
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectEvents(new SigningRepeated(ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.PENDING));
        }

        @Test
        void again_after_confirmation_only_sends_a_mail() {
            fixture.given(SIGNED, VERIFIED)
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectEvents(new SigningRepeated(ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.VERIFIED));
        }

        @Test
        void repeatedly_sends_at_most_one_mail_in_ten_minutes() {
            fixture.given(
                            SIGNED,
                            new SigningRepeated(
                                    ID, PETITION, LATER.minusSeconds(60), 1, COUNTRY, SignatureStatus.PENDING))
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectNoEvents();
        }

        @Test
        void after_withdrawal_begins_a_new_round() {
            fixture.given(SIGNED, VERIFIED, WITHDRAWN)
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectEvents(signed(2, SignatureStatus.WITHDRAWN));
        }

        @Test
        void after_expiry_begins_a_new_round() {
            fixture.given(SIGNED, EXPIRED)
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectEvents(signed(2, SignatureStatus.EXPIRED));
        }

        @Test
        void does_not_undo_an_invalidation() {
            fixture.given(SIGNED, VERIFIED, INVALIDATED)
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectNoEvents();
        }
    }

    @Nested
    class Verify {

        @Test
        void makes_the_signature_count() {
            fixture.given(SIGNED)
                    .when(verify(1))
                    .expectEvents(new SignatureVerified(ID, PETITION, LATER, 1, COUNTRY, true));
        }

        @Test
        void is_idempotent() {
            fixture.given(SIGNED, VERIFIED).when(verify(1)).expectNoEvents().expectResultMessagePayload(PETITION);
        }

        @Test
        void is_rejected_after_withdrawal() {
            fixture.given(SIGNED, VERIFIED, WITHDRAWN)
                    .when(verify(1))
                    .expectException(Rejection.class)
                    .expectNoEvents();
        }

        @Test
        void is_rejected_after_expiry() {
            fixture.given(SIGNED, EXPIRED)
                    .when(verify(1))
                    .expectException(Rejection.class)
                    .expectNoEvents();
        }

        @Test
        void is_rejected_while_invalidated() {
            fixture.given(SIGNED, INVALIDATED)
                    .when(verify(1))
                    .expectException(Rejection.class)
                    .expectNoEvents();
        }

        @Test
        void is_rejected_if_the_petition_closed_too_long_ago() {
            fixture((petition, at) -> false)
                    .given(SIGNED)
                    .when(verify(1))
                    .expectException(Rejection.class)
                    .expectNoEvents();
        }

        @Test
        void rejects_links_of_earlier_rounds() {
            fixture.given(SIGNED, VERIFIED, WITHDRAWN, signed(2, SignatureStatus.WITHDRAWN))
                    .when(verify(1))
                    .expectException(Rejection.class)
                    .expectNoEvents();
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
                            new SignatureExpired(ID, PETITION, LATER, 1, COUNTRY),
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
        void sends_no_mail_when_the_signer_signs_again() {
            fixture.given(SIGNED, VERIFIED, erased)
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectNoEvents();
        }

        @Test
        void before_confirmation_allows_a_new_round() {
            fixture.given(SIGNED, erased(NOON, SignatureStatus.PENDING))
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectEvents(
                            new SignatureExpired(ID, PETITION, LATER, 1, COUNTRY), signed(2, SignatureStatus.EXPIRED));
        }
    }
}
