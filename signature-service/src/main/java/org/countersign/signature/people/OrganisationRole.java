package org.countersign.signature.people;

import java.util.Locale;
import java.util.Optional;

/** The roles of a person in an organisation. */
public enum OrganisationRole {
    /** Sees the petitions of the organisation, their alerts and deliveries. */
    EDITOR,
    /** Publishes, closes and reopens petitions as well. */
    PUBLISHER,
    /** Decides on held and invalid signatures. */
    MODERATOR,
    /** Exports signatures and hands petitions over. */
    EXPORTER,
    /** Reads histories and the audit pages. */
    AUDITOR,
    /** Invites people and gives roles. */
    OPERATOR;

    /** Returns the name in the database. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Finds the role with a name. */
    static Optional<OrganisationRole> of(String text) {
        for (OrganisationRole role : values()) {
            if (role.text().equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
