package org.countersign.signature.accounts;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.support.access.Role;

/**
 * What a caller may see and do.
 *
 * @param everything whether the caller is a built-in user, who acts on all organisations
 * @param installationOperator whether the caller operates the installation
 * @param memberships the caller's roles
 */
public record Grants(boolean everything, boolean installationOperator, List<Membership> memberships) {

    /** The grants of built-in users. The access rules limit them. */
    public static final Grants EVERYTHING = new Grants(true, true, List.of());

    /** The grants of a caller who has none. */
    public static final Grants NONE = new Grants(false, false, List.of());

    public Grants {
        memberships = List.copyOf(memberships);
    }

    /** Returns whether the petition exists for the caller. */
    public boolean sees(Petition petition) {
        return everything || memberships.stream().anyMatch(one -> isOf(one, petition));
    }

    /** Returns whether the organisation exists for the caller. */
    public boolean sees(UUID organisation) {
        return installationOperator
                || memberships.stream().anyMatch(one -> one.organisation().equals(organisation));
    }

    /** Returns whether the caller has one of the roles for a petition. */
    public boolean has(Set<Role> roles, Petition petition) {
        return everything || memberships.stream().anyMatch(one -> roles.contains(one.role()) && isOf(one, petition));
    }

    /** Returns whether the caller has one of the roles for all petitions of an organisation. */
    public boolean has(Set<Role> roles, UUID organisation) {
        return everything
                || memberships.stream()
                        .anyMatch(one -> roles.contains(one.role())
                                && one.isForAll()
                                && one.organisation().equals(organisation));
    }

    /** Returns whether the caller has one of the roles for any petition. */
    public boolean hasSomewhere(Set<Role> roles) {
        return everything || memberships.stream().anyMatch(one -> roles.contains(one.role()));
    }

    /** Returns the organisations for all of whose petitions the caller has the role. */
    Set<UUID> organisations(Role role) {
        Set<UUID> organisations = new TreeSet<>();
        memberships.stream()
                .filter(one -> one.role() == role && one.isForAll())
                .forEach(one -> organisations.add(one.organisation()));
        return organisations;
    }

    private static boolean isOf(Membership membership, Petition petition) {
        return membership.organisation().equals(petition.organisation())
                && membership.isFor(petition.slug().value());
    }
}
