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
    class Signing {

        @Test
        void makes_it_pending_and_hands_the_secret_on_beside_the_event() {
            fixture.givenNoPriorActivity()
                    .when(new SignPetition(ID, NOON, INPUT))
                    .expectEvents(SIGNED)
                    .expectEventsMatching(Matchers.<List<EventMessage<?>>>predicate(events -> Arrays.equals(
                            new byte[] {9}, (byte[]) events.get(0).getMetaData().get(EventMetaData.SECRET))));
        }

        @Test
        void again_while_it_waits_only_has_the_mail_sent_again() {
            fixture.given(SIGNED)
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectEvents(new SigningRepeated(ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.PENDING));
        }

        @Test
        void again_when_it_counts_only_says_so_by_mail() {
            fixture.given(SIGNED, VERIFIED)
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectEvents(new SigningRepeated(ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.VERIFIED));
        }

        @Test
        void again_and_again_does_not_flood_the_mailbox() {
            fixture.given(
                            SIGNED,
                            new SigningRepeated(
                                    ID, PETITION, LATER.minusSeconds(60), 1, COUNTRY, SignatureStatus.PENDING))
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectNoEvents();
        }

        @Test
        void after_withdrawing_begins_a_new_round() {
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
        void does_not_undo_moderation() {
            fixture.given(SIGNED, VERIFIED, INVALIDATED)
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectNoEvents();
        }
    }

    @Nested
    class Verifying {

        @Test
        void makes_it_count() {
            fixture.given(SIGNED)
                    .when(verify(1))
                    .expectEvents(new SignatureVerified(ID, PETITION, LATER, 1, COUNTRY, true));
        }

        @Test
        void can_be_done_again_without_harm() {
            fixture.given(SIGNED, VERIFIED).when(verify(1)).expectNoEvents().expectResultMessagePayload(PETITION);
        }

        @Test
        void is_refused_once_it_is_withdrawn() {
            fixture.given(SIGNED, VERIFIED, WITHDRAWN)
                    .when(verify(1))
                    .expectException(Rejection.class)
                    .expectNoEvents();
        }

        @Test
        void is_refused_once_it_has_expired() {
            fixture.given(SIGNED, EXPIRED)
                    .when(verify(1))
                    .expectException(Rejection.class)
                    .expectNoEvents();
        }

        @Test
        void is_refused_while_it_is_invalidated() {
            fixture.given(SIGNED, INVALIDATED)
                    .when(verify(1))
                    .expectException(Rejection.class)
                    .expectNoEvents();
        }

        @Test
        void is_refused_when_the_petition_has_been_closed_for_too_long() {
            fixture((petition, at) -> false)
                    .given(SIGNED)
                    .when(verify(1))
                    .expectException(Rejection.class)
                    .expectNoEvents();
        }

        @Test
        void with_a_link_of_an_earlier_round_is_refused() {
            fixture.given(SIGNED, VERIFIED, WITHDRAWN, signed(2, SignatureStatus.WITHDRAWN))
                    .when(verify(1))
                    .expectException(Rejection.class)
                    .expectNoEvents();
        }
    }

    @Nested
    class Withdrawing {

        @Test
        void takes_it_off_the_count() {
            fixture.given(SIGNED, VERIFIED)
                    .when(withdraw(1))
                    .expectEvents(new SignatureWithdrawn(ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.VERIFIED));
        }

        @Test
        void is_possible_before_confirming() {
            fixture.given(SIGNED)
                    .when(withdraw(1))
                    .expectEvents(new SignatureWithdrawn(ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.PENDING));
        }

        @Test
        void can_be_done_again_without_harm() {
            fixture.given(SIGNED, VERIFIED, WITHDRAWN)
                    .when(withdraw(1))
                    .expectNoEvents()
                    .expectResultMessagePayload(PETITION);
        }

        @Test
        void with_a_link_of_an_earlier_round_is_refused() {
            fixture.given(SIGNED, VERIFIED, WITHDRAWN, signed(2, SignatureStatus.WITHDRAWN))
                    .when(withdraw(1))
                    .expectException(Rejection.class)
                    .expectNoEvents();
        }
    }

    @Nested
    class Expiring {

        @Test
        void ends_a_pending_signature() {
            fixture.given(SIGNED)
                    .when(new ExpireSignature(ID, LATER, 1))
                    .expectEvents(
                            new SignatureExpired(ID, PETITION, LATER, 1, COUNTRY),
                            erased(LATER, SignatureStatus.EXPIRED));
        }

        @Test
        void leaves_a_verified_one_alone() {
            fixture.given(SIGNED, VERIFIED)
                    .when(new ExpireSignature(ID, LATER, 1))
                    .expectNoEvents();
        }

        @Test
        void leaves_the_next_round_alone() {
            fixture.given(SIGNED, EXPIRED, signed(2, SignatureStatus.EXPIRED))
                    .when(new ExpireSignature(ID, LATER, 1))
                    .expectNoEvents();
        }
    }

    @Nested
    class Moderating {

        @Test
        void invalidates_whatever_there_is() {
            fixture.given(SIGNED, VERIFIED)
                    .when(new InvalidateSignature(ID, LATER, "not a person"))
                    .expectEvents(new SignatureInvalidated(
                            ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.VERIFIED, "not a person"));
        }

        @Test
        void twice_changes_nothing() {
            fixture.given(SIGNED, INVALIDATED)
                    .when(new InvalidateSignature(ID, LATER, "again"))
                    .expectNoEvents();
        }

        @Test
        void reinstates_to_where_it_stood() {
            fixture.given(SIGNED, VERIFIED, INVALIDATED)
                    .when(new ReinstateSignature(ID, LATER, "a person"))
                    .expectEvents(new SignatureReinstated(
                            ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.VERIFIED, "a person"));
        }

        @Test
        void reinstates_nothing_that_is_valid() {
            fixture.given(SIGNED, VERIFIED)
                    .when(new ReinstateSignature(ID, LATER, "a person"))
                    .expectNoEvents();
        }

        @Test
        void does_not_keep_a_signer_from_withdrawing() {
            fixture.given(SIGNED, VERIFIED, INVALIDATED)
                    .when(withdraw(1))
                    .expectEvents(new SignatureWithdrawn(ID, PETITION, LATER, 1, COUNTRY, SignatureStatus.INVALIDATED));
        }
    }

    @Test
    void stopping_updates_changes_nothing_else_and_is_done_once() {
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
    class Erasing {

        private final SignerErased erased = erased(LATER, SignatureStatus.VERIFIED);

        @Test
        void leaves_the_signature_where_it_stands() {
            fixture.given(SIGNED, VERIFIED)
                    .when(new EraseSigner(ID, LATER))
                    .expectEvents(erased)
                    .expectResultMessagePayload(new SignatureView(ID, PETITION, SignatureStatus.VERIFIED));
        }

        @Test
        void twice_is_answered_alike() {
            fixture.given(SIGNED, VERIFIED, erased)
                    .when(new EraseSigner(ID, LATER))
                    .expectNoEvents()
                    .expectResultMessagePayload(new SignatureView(ID, PETITION, SignatureStatus.VERIFIED));
        }

        @Test
        void leaves_nobody_to_tell_that_they_have_signed_already() {
            fixture.given(SIGNED, VERIFIED, erased)
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectNoEvents();
        }

        @Test
        void before_confirming_lets_a_new_round_begin() {
            fixture.given(SIGNED, erased(NOON, SignatureStatus.PENDING))
                    .when(new SignAgain(ID, LATER, INPUT))
                    .expectEvents(
                            new SignatureExpired(ID, PETITION, LATER, 1, COUNTRY), signed(2, SignatureStatus.EXPIRED));
        }
    }
}
