package org.countersign.support.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A role of a person in an organisation, for all its petitions or for one. */
public enum Role {
    /** Sees petitions, alerts and deliveries. */
    EDITOR,
    /** Also publishes, closes and reopens petitions, and manages alerts and webhooks. */
    PUBLISHER,
    /** Decides about held signings, rules and cases, invalidates signatures, finds and erases signers. */
    MODERATOR,
    /** Exports signatures. */
    EXPORTER,
    /** Reads audit pages and histories. */
    AUDITOR,
    /** Manages people, roles and tokens of the organisation. */
    OPERATOR;

    /** Returns the name in requests, texts and the database. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the role with this name, or nothing. */
    public static Optional<Role> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
