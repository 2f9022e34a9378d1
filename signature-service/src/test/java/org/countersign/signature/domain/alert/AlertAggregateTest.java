package org.countersign.signature.domain.alert;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.countersign.events.AlertRequested;
import org.countersign.events.AlertStopped;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.alert.AlertCommand.RequestAlert;
import org.countersign.signature.domain.alert.AlertCommand.StopAlert;
import org.junit.jupiter.api.Test;

class AlertAggregateTest {

    private static final UUID ID = UUID.fromString("1c0c3f0e-2a7b-8c1d-9e4f-0123456789ab");
    private static final PetitionSlug PETITION = new PetitionSlug("more-trees");
    private static final Instant NOON = Instant.parse("2030-05-01T12:00:00Z");
    private static final Sealed SEALED = new Sealed(new byte[] {7});
    private static final RequestAlert REQUEST =
            new RequestAlert(ID, PETITION, NOON, List.of(10L), SEALED, new byte[] {9});
    private static final AlertRequested REQUESTED = new AlertRequested(ID, PETITION, NOON, List.of(10L), SEALED);

    private final FixtureConfiguration<AlertAggregate> fixture = new AggregateTestFixture<>(AlertAggregate.class);

    private static AlertStopped stopped(boolean byRecipient) {
        return new AlertStopped(ID, PETITION, NOON, byRecipient);
    }

    @Test
    void an_alert_is_requested_again_with_other_milestones() {
        fixture.givenNoPriorActivity().when(REQUEST).expectEvents(REQUESTED).expectResultMessagePayload(null);
        fixture.given(REQUESTED)
                .when(new RequestAlert(ID, PETITION, NOON, List.of(), SEALED, new byte[] {9}))
                .expectEvents(new AlertRequested(ID, PETITION, NOON, List.of(), SEALED));
    }

    @Test
    void an_alert_stopped_by_the_organiser_can_be_requested_again() {
        fixture.given(REQUESTED)
                .when(new StopAlert(ID, NOON, false))
                .expectEvents(stopped(false))
                .expectResultMessagePayload(PETITION);
        fixture.given(REQUESTED, stopped(false))
                .when(new StopAlert(ID, NOON, false))
                .expectNoEvents();
        fixture.given(REQUESTED, stopped(false)).when(REQUEST).expectEvents(REQUESTED);
    }

    @Test
    void a_recipient_who_stopped_it_can_not_be_added_again() {
        fixture.given(REQUESTED).when(new StopAlert(ID, NOON, true)).expectEvents(stopped(true));
        fixture.given(REQUESTED, stopped(true))
                .when(new StopAlert(ID, NOON, true))
                .expectNoEvents()
                .expectResultMessagePayload(PETITION);
        fixture.given(REQUESTED, stopped(true))
                .when(REQUEST)
                .expectException(Rejection.class)
                .expectNoEvents();
        fixture.given(REQUESTED, stopped(false))
                .when(new StopAlert(ID, NOON, true))
                .expectEvents(stopped(true));
    }
}
