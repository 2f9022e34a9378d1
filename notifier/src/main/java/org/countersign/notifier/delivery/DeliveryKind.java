package org.countersign.notifier.delivery;

import java.util.Locale;

/** What a delivery is. */
public enum DeliveryKind {
    /** To a signer: please confirm. */
    CONFIRM,
    /** To a signer who has signed before. */
    ALREADY_SIGNED,
    /** To a signer who confirmed. */
    THANKS,
    /** To the organiser: a milestone was reached. */
    MILESTONE,
    /** To whom the organiser wants told: a milestone was reached. */
    ALERT,
    /** To a signer who wants updates: a milestone was reached. */
    UPDATE,
    /** To a program, over HTTP. */
    WEBHOOK;

    /** How it is sent. */
    public DeliveryChannel channel() {
        return switch (this) {
            case WEBHOOK -> DeliveryChannel.WEBHOOK;
            case UPDATE -> DeliveryChannel.MAILING;
            default -> DeliveryChannel.MAIL;
        };
    }

    /** The name in the database and in JSON: lower case with hyphens. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads {@link #text()}. */
    public static DeliveryKind of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
