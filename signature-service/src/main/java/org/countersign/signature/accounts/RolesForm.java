package org.countersign.signature.accounts;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.support.access.Role;
import org.jspecify.annotations.Nullable;

/**
 * Roles, unvalidated.
 *
 * @param roles the names of roles
 * @param petition the slug of the petition that the roles are for; null for all petitions of the organisation
 */
public record RolesForm(
        @Nullable List<@Nullable String> roles, @Nullable String petition) {

    /**
     * Valid roles.
     *
     * @param petition the petition's slug; empty for all
     */
    record ValidRoles(Set<Role> roles, String petition) {}

    /** Validates the roles of a person in an organisation. */
    ValidRoles validate(UUID organisation, Petitions petitions, FieldErrors errors) {
        Set<Role> valid = EnumSet.noneOf(Role.class);
        if (roles == null || roles.isEmpty()) {
            errors.reject("roles", "must have at least one of " + names());
        } else {
            for (int i = 0; i < roles.size(); i++) {
                Optional<Role> role = Optional.ofNullable(roles.get(i)).flatMap(Role::of);
                if (role.isEmpty()) {
                    errors.reject("roles[" + i + "]", "must be one of " + names());
                }
                role.ifPresent(valid::add);
            }
        }
        String slug = petition == null ? "" : petition;
        if (!slug.isEmpty() && !isOf(organisation, slug, petitions)) {
            errors.reject("petition", "must be a petition of the organisation");
        }
        if (!slug.isEmpty() && valid.contains(Role.OPERATOR)) {
            errors.reject("roles", "must not have the operator: this role is for all petitions");
        }
        return new ValidRoles(valid, slug);
    }

    private static boolean isOf(UUID organisation, String slug, Petitions petitions) {
        return PetitionSlug.isSlug(slug)
                && petitions
                        .find(new PetitionSlug(slug))
                        .filter(found -> found.organisation().equals(organisation))
                        .isPresent();
    }

    private static String names() {
        return String.join(
                ", ", EnumSet.allOf(Role.class).stream().map(Role::text).toList());
    }
}
