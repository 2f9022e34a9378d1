package org.countersign.events;

/** An event of a petition. */
public sealed interface PetitionEvent extends Event
        permits PetitionPublished,
                PetitionClosed,
                PetitionReopened,
                AlertEvent,
                SigningRulesChanged,
                InvalidationCaseOpened,
                SigningAttackDetected,
                PrivacyNoticeChanged {}
