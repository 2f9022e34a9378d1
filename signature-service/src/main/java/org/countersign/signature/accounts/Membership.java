package org.countersign.signature.accounts;

import java.util.UUID;
import org.countersign.support.access.Role;

/**
 * A role of a person in an organisation.
 *
 * @param petition the slug of the petition that the role is for; empty for all petitions of the organisation
 */
public record Membership(UUID organisation, Role role, String petition) {

    /** Returns whether the role is for a petition of its organisation. */
    boolean isFor(String slug) {
        return petition.isEmpty() || petition.equals(slug);
    }

    /** Returns whether the role is for all petitions of its organisation. */
    boolean isForAll() {
        return petition.isEmpty();
    }
}
