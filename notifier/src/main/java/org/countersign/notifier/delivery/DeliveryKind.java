package org.countersign.notifier.delivery;

import java.util.Locale;

/** The kinds of deliveries. */
public enum DeliveryKind {
    /** Mail that asks a signer to confirm. */
    CONFIRM,
    /** Mail to a signer who has not confirmed. */
    REMINDER,
    /** Mail to a signer who signs again after the confirmation. */
    ALREADY_SIGNED,
    /** Mail that thanks a signer for the confirmation. */
    THANKS,
    /** Mail about a milestone to the organiser. */
    MILESTONE,
    /** Mail about a milestone to a recipient that the organiser added. */
    ALERT,
    /** Mail about a milestone to a subscriber. */
    UPDATE,
    /** Mail about an attack on a petition to the organiser. */
    ATTACK,
    /** Mail that invites somebody to work for an organisation. */
    INVITATION,
    /** Webhook call. */
    WEBHOOK;

    /** Returns the channel that sends deliveries of this kind. */
    public DeliveryChannel channel() {
        return switch (this) {
            case WEBHOOK -> DeliveryChannel.WEBHOOK;
            case UPDATE -> DeliveryChannel.MAILING;
            case REMINDER -> DeliveryChannel.REMINDER;
            case INVITATION -> DeliveryChannel.ACCOUNT;
            default -> DeliveryChannel.MAIL;
        };
    }

    /**
     * Returns whether the limit of a recipient holds for mails of this kind. A stranger can cause them. Thanks follow a
     * confirmation by the signer. Organisers and the recipients of alerts get few mails, and expect each.
     */
    boolean isLimited() {
        return this == CONFIRM || this == REMINDER || this == ALREADY_SIGNED || this == UPDATE;
    }

    /** Returns whether a mail asks the signer to confirm. A stranger may have typed what it would show. */
    public boolean asksToConfirm() {
        return this == CONFIRM || this == REMINDER;
    }

    /** Returns whether a recipient can stop mails of this kind. An organiser needs those about the own petition. */
    public boolean isSuppressible() {
        return this != MILESTONE && this != ATTACK && this != WEBHOOK;
    }

    /** Returns the name in the database and in JSON: lower case with hyphens. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Parses a name that {@link #text()} returned.
     *
     * @throws IllegalArgumentException if no kind has this name
     */
    public static DeliveryKind of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
