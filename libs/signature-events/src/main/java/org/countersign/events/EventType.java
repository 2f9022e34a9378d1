package org.countersign.events;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The types of events. Names in JSON and codes in the event store never change. */
public enum EventType {
    PETITION_PUBLISHED(1, PetitionPublished.class),
    PETITION_CLOSED(2, PetitionClosed.class),
    PETITION_REOPENED(3, PetitionReopened.class),
    ALERT_REQUESTED(4, AlertRequested.class),
    ALERT_STOPPED(5, AlertStopped.class),
    SIGNING_RULES_CHANGED(6, SigningRulesChanged.class),
    INVALIDATION_CASE_OPENED(7, InvalidationCaseOpened.class),
    SIGNING_ATTACK_DETECTED(8, SigningAttackDetected.class),
    PRIVACY_NOTICE_CHANGED(9, PrivacyNoticeChanged.class),
    PETITION_SIGNED(10, PetitionSigned.class),
    SIGNATURE_VERIFIED(11, SignatureVerified.class),
    SIGNATURE_WITHDRAWN(12, SignatureWithdrawn.class),
    SIGNATURE_EXPIRED(13, SignatureExpired.class),
    SIGNATURE_INVALIDATED(14, SignatureInvalidated.class),
    SIGNATURE_REINSTATED(15, SignatureReinstated.class),
    SIGNER_ERASED(16, SignerErased.class),
    SIGNING_REPEATED(17, SigningRepeated.class),
    UPDATES_STOPPED(18, UpdatesStopped.class),
    CONTACT_CONSENT_WITHDRAWN(19, ContactConsentWithdrawn.class),
    MILESTONE_REACHED(30, MilestoneReached.class);

    /** Types with a lower code are {@link PetitionEvent}s. */
    public static final int FIRST_SIGNATURE_CODE = 10;

    private static final Map<Class<?>, EventType> BY_CLASS =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventType::eventClass, Function.identity()));
    private static final EventType[] BY_CODE = new EventType[31];

    static {
        for (EventType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final Class<? extends Event> eventClass;

    EventType(int code, Class<? extends Event> eventClass) {
        this.code = code;
        this.eventClass = eventClass;
    }

    /** Returns the type of an event. */
    public static EventType of(Event event) {
        return Objects.requireNonNull(BY_CLASS.get(event.getClass()));
    }

    /**
     * Returns the type with this code in the event store.
     *
     * @throws IllegalArgumentException if no type has the code
     */
    public static EventType ofCode(int code) {
        if (!isCode(code)) {
            throw new IllegalArgumentException("No event type has the code " + code);
        }
        return BY_CODE[code];
    }

    /** Tells whether a type has this code in the event store. */
    public static boolean isCode(int code) {
        return code >= 0 && code < BY_CODE.length && BY_CODE[code] != null;
    }

    /** Returns the name in JSON, for example {@code PetitionSigned}. */
    public String text() {
        return eventClass.getSimpleName();
    }

    /** Returns the code in the event store. */
    public int code() {
        return code;
    }

    /** Returns the class of events of this type. */
    public Class<? extends Event> eventClass() {
        return eventClass;
    }
}
