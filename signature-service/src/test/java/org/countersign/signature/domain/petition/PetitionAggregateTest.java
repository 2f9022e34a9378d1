package org.countersign.signature.domain.petition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.countersign.events.PetitionClosed;
import org.countersign.events.PetitionPublished;
import org.countersign.events.PetitionReopened;
import org.countersign.events.PetitionSlug;
import org.countersign.events.PrivacyNotice;
import org.countersign.events.Sealed;
import org.countersign.events.SigningAttackDetected;
import org.countersign.events.SigningAttackDetected.AttackAnomaly;
import org.countersign.signature.domain.petition.PetitionCommand.ClosePetition;
import org.countersign.signature.domain.petition.PetitionCommand.PublishPetition;
import org.countersign.signature.domain.petition.PetitionCommand.ReopenPetition;
import org.countersign.signature.domain.petition.PetitionCommand.ReportAttack;
import org.junit.jupiter.api.Test;

class PetitionAggregateTest {

    private static final PetitionSlug SLUG = new PetitionSlug("more-trees");
    private static final Instant NOON = Instant.parse("2030-05-01T12:00:00Z");
    private static final Sealed SEALED = new Sealed(new byte[] {7});

    private static final PrivacyNotice NOTICE = new PrivacyNotice(
            "Trees for Everyone", "privacy@example.org", "To plant trees", "The Mayor", "A year", false);

    private static final UUID OTHER_ORGANISATION = new UUID(7, 7);

    private final FixtureConfiguration<PetitionAggregate> fixture = new AggregateTestFixture<>(PetitionAggregate.class);

    private static PetitionPublished published(Optional<Instant> closesAt) {
        return new PetitionPublished(
                SLUG, NOON, "More trees", "Please.", List.of("The Mayor"), 100, List.of(), "en", closesAt, SEALED);
    }

    @Test
    void publishes_the_petition_as_sent() {
        fixture.givenNoPriorActivity()
                .when(new PublishPetition(
                        SLUG,
                        NOON,
                        "More trees",
                        "Please.",
                        List.of("The Mayor"),
                        100,
                        List.of(),
                        "en",
                        Optional.empty(),
                        SEALED,
                        new byte[] {9},
                        List.of("environment"),
                        NOTICE,
                        Optional.empty(),
                        false))
                .expectEvents(new PetitionPublished(
                        SLUG,
                        NOON,
                        "More trees",
                        "Please.",
                        List.of("The Mayor"),
                        100,
                        List.of(),
                        "en",
                        Optional.empty(),
                        SEALED,
                        List.of("environment"),
                        Optional.of(NOTICE),
                        Optional.empty(),
                        false));
    }

    @Test
    void a_publication_names_every_organisation_but_the_first() {
        fixture.givenNoPriorActivity()
                .when(publish(OTHER_ORGANISATION))
                .expectEvents(publication(Optional.of(OTHER_ORGANISATION)));
        fixture.givenNoPriorActivity()
                .when(publish(Petition.FIRST_ORGANISATION))
                .expectEvents(publication(Optional.empty()));
    }

    private static PublishPetition publish(UUID organisation) {
        return new PublishPetition(
                SLUG,
                NOON,
                "More trees",
                "Please.",
                List.of("The Mayor"),
                100,
                List.of(),
                "en",
                Optional.empty(),
                SEALED,
                new byte[] {9},
                List.of(),
                NOTICE,
                Optional.of(organisation),
                true);
    }

    private static PetitionPublished publication(Optional<UUID> organisation) {
        return new PetitionPublished(
                SLUG,
                NOON,
                "More trees",
                "Please.",
                List.of("The Mayor"),
                100,
                List.of(),
                "en",
                Optional.empty(),
                SEALED,
                List.of(),
                Optional.of(NOTICE),
                organisation,
                true);
    }

    @Test
    void closes_once() {
        fixture.given(published(Optional.empty()))
                .when(new ClosePetition(SLUG, NOON))
                .expectEvents(new PetitionClosed(SLUG, NOON));
        fixture.given(published(Optional.empty()), new PetitionClosed(SLUG, NOON))
                .when(new ClosePetition(SLUG, NOON))
                .expectNoEvents();
    }

    @Test
    void reopens_a_closed_petition() {
        fixture.given(published(Optional.empty()), new PetitionClosed(SLUG, NOON))
                .when(new ReopenPetition(SLUG, NOON))
                .expectEvents(new PetitionReopened(SLUG, NOON));
        fixture.given(published(Optional.empty()))
                .when(new ReopenPetition(SLUG, NOON))
                .expectNoEvents();
    }

    @Test
    void reports_an_attack_at_most_once_an_hour() {
        List<AttackAnomaly> anomalies = List.of(new AttackAnomaly("domain", 42));
        SigningAttackDetected reported = new SigningAttackDetected(SLUG, NOON, anomalies);
        Instant soon = NOON.plus(Duration.ofMinutes(59));
        Instant later = NOON.plus(Duration.ofHours(1));
        fixture.given(published(Optional.empty()))
                .when(new ReportAttack(SLUG, NOON, anomalies))
                .expectEvents(reported);
        fixture.given(published(Optional.empty()), reported)
                .when(new ReportAttack(SLUG, soon, anomalies))
                .expectNoEvents();
        fixture.given(published(Optional.empty()), reported)
                .when(new ReportAttack(SLUG, later, anomalies))
                .expectEvents(new SigningAttackDetected(SLUG, later, anomalies));
    }

    @Test
    void accepts_signatures_until_closing_and_confirmations_a_day_longer() {
        Instant closing = NOON.plus(Duration.ofDays(10));
        Petition petition = Petition.published(published(Optional.of(closing)), "Olga");
        assertThat(petition.isOpen(closing.minusSeconds(1))).isTrue();
        assertThat(petition.isOpen(closing)).isFalse();
        assertThat(petition.takesConfirmations(closing.plus(Duration.ofHours(23))))
                .isTrue();
        assertThat(petition.takesConfirmations(closing.plus(Duration.ofHours(24))))
                .isFalse();
    }

    @Test
    void a_petition_reopened_after_its_closing_time_stays_open() {
        Instant closing = NOON.plus(Duration.ofDays(10));
        Petition petition = Petition.published(published(Optional.of(closing)), "Olga");
        Petition closed = petition.after(new PetitionClosed(SLUG, NOON.plusSeconds(5)));
        assertThat(closed.isOpen(NOON.plusSeconds(6))).isFalse();
        Instant muchLater = closing.plus(Duration.ofDays(1));
        assertThat(closed.after(new PetitionReopened(SLUG, muchLater)).isOpen(muchLater.plusSeconds(1)))
                .isTrue();
    }
}
