package org.countersign.signature.accounts;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.personaldata.PlainText;
import org.countersign.support.access.Role;
import org.jspecify.annotations.Nullable;

/**
 * The request for an API token, unvalidated.
 *
 * @param person the owner; null for the caller
 * @param name what the token is for
 * @param roles the roles that it has while its owner has them
 * @param petition the only petition that it is for; null for all of its owner's
 * @param expiresAt when it ends; null for the longest time
 */
public record TokenForm(
        @Nullable UUID person,
        @Nullable String name,
        @Nullable List<@Nullable String> roles,
        @Nullable String petition,
        @Nullable String expiresAt) {

    private static final int MAX_NAME_LENGTH = 80;
    private static final Duration MAX_LIFE = Duration.ofDays(365);

    /**
     * A valid request.
     *
     * @param petition the petition's slug; empty for all of the owner's
     */
    record ValidToken(String name, Set<Role> roles, String petition, Instant expiresAt) {}

    /**
     * Validates the request.
     *
     * @param organisation the organisation that the token is for
     * @param owner what its owner may do
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field is invalid
     */
    ValidToken validate(UUID organisation, Grants owner, Instant now) {
        FieldErrors errors = new FieldErrors();
        String validName = errors.parse("name", () -> PlainText.line(name, MAX_NAME_LENGTH));
        String slug = petition == null ? "" : petition;
        Set<Role> valid = EnumSet.noneOf(Role.class);
        if (roles == null || roles.isEmpty()) {
            errors.reject("roles", "must have at least one role of the owner");
        } else {
            for (int i = 0; i < roles.size(); i++) {
                String text = roles.get(i);
                Role role = text == null ? null : Role.of(text).orElse(null);
                if (role == null || !hasOwner(organisation, owner, role, slug)) {
                    errors.reject("roles[" + i + "]", "must be a role that the owner has there");
                } else {
                    valid.add(role);
                }
            }
        }
        Instant end = errors.parse("expiresAt", () -> end(now));
        errors.throwIfAny();
        return new ValidToken(validName, valid, slug, end);
    }

    private static boolean hasOwner(UUID organisation, Grants owner, Role role, String petition) {
        return owner.memberships().stream()
                .anyMatch(one -> one.organisation().equals(organisation)
                        && one.role() == role
                        && (petition.isEmpty() || one.isFor(petition)));
    }

    private Instant end(Instant now) {
        if (expiresAt == null) {
            return now.plus(MAX_LIFE);
        }
        try {
            Instant end = Instant.parse(expiresAt);
            if (end.isAfter(now) && !end.isAfter(now.plus(MAX_LIFE))) {
                return end;
            }
        } catch (DateTimeParseException e) {
            // The message below says what is wrong.
        }
        throw new IllegalArgumentException(
                "must be a time within the next 365 days, such as " + now.plus(Duration.ofDays(30)));
    }
}
