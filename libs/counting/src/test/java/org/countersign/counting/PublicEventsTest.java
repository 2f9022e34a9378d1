package org.countersign.counting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.countersign.events.CountryCode;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSlug;
import org.countersign.events.SignatureStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PublicEventsTest {

    @ParameterizedTest
    @CsvSource({"PENDING,VERIFIED", "VERIFIED,WITHDRAWN", "VERIFIED,INVALIDATED", "INVALIDATED,VERIFIED"})
    void an_event_that_changes_the_verified_count_is_public(SignatureStatus was, SignatureStatus becomes) {
        assertThat(transition(was, becomes).isPublic()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "NONE,PENDING",
        "PENDING,EXPIRED",
        "PENDING,WITHDRAWN",
        "PENDING,INVALIDATED",
        "VERIFIED,VERIFIED",
        "INVALIDATED,PENDING"
    })
    void an_event_that_does_not_change_the_verified_count_is_not_public(SignatureStatus was, SignatureStatus becomes) {
        assertThat(transition(was, becomes).isPublic()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "PETITION_PUBLISHED",
                "PETITION_CLOSED",
                "PETITION_REOPENED",
                "INVALIDATION_CASE_OPENED",
                "PRIVACY_NOTICE_CHANGED"
            })
    void what_an_organiser_changes_about_a_petition_is_public(EventType type) {
        assertThat(event(type, Optional.empty()).isPublic()).isTrue();
    }

    @Test
    void recipients_of_alerts_are_not_public() {
        assertThat(event(EventType.ALERT_REQUESTED, Optional.empty()).isPublic())
                .isFalse();
    }

    private static CountedEvent transition(SignatureStatus was, SignatureStatus becomes) {
        return event(
                EventType.SIGNATURE_VERIFIED, Optional.of(new StatusTransition(was, becomes, new CountryCode("AM"))));
    }

    private static CountedEvent event(EventType type, Optional<StatusTransition> transition) {
        return new CountedEvent(7, type, new PetitionSlug("more-trees"), Instant.EPOCH, transition, Optional.empty());
    }
}
