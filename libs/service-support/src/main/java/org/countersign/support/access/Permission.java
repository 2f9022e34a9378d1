package org.countersign.support.access;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.web.util.pattern.PathPattern;

/**
 * What a call needs: one of the built-in users, or an account with one of the roles for what the call is about.
 *
 * @param users the roles of built-in users of which one suffices; empty for a public call
 * @param roles the roles of accounts of which one suffices; empty if no membership suffices
 * @param subject what the roles must be for
 */
public record Permission(Set<String> users, Set<Role> roles, Subject subject) {

    /** The permission of calls that need no credentials. */
    static final Permission PUBLIC = new Permission(Set.of(), EnumSet.noneOf(Role.class), Subject.NOBODY);

    /** What a call is about. */
    public enum Subject {
        /** The petition in the path, {@code petition} or {@code slug}. */
        PETITION("petition", "slug"),
        /** The petition in the query, {@code petition}. */
        PETITION_IN_QUERY,
        /** The petition of the signature in the path, {@code id}. */
        SIGNATURE("id"),
        /** The petition of the signature in the query, {@code id}. */
        SIGNATURE_IN_QUERY,
        /** The petition of the case in the path, {@code id}. */
        CASE("id"),
        /** The organisation in the path, {@code organisation}. The role must be for all its petitions. */
        ORGANISATION("organisation"),
        /** The organisation in the path. The operator of the installation needs no role in it. */
        ORGANISATION_TO_STAFF("organisation"),
        /** All petitions for which the caller has the role. The handler leaves out all others. */
        OWN_PETITIONS,
        /** An organisation that the request's body names. The handler checks it. */
        OWN_ORGANISATIONS,
        /** The whole installation, whose operator needs no membership. */
        INSTALLATION,
        /** Nothing that a membership could be for: no account may make the call. */
        NOBODY;

        private final Set<String> variables;

        Subject(String... variables) {
            this.variables = Set.of(variables);
        }

        /** Returns whether the subject can be found in requests to these paths. */
        boolean isIn(PathPattern pattern) {
            return variables.isEmpty()
                    || variables.stream()
                            .anyMatch(name -> pattern.getPatternString().contains("{" + name + "}"));
        }
    }

    /** @throws IllegalArgumentException if roles and subject do not fit each other */
    public Permission {
        boolean needsRoles = subject != Subject.INSTALLATION && subject != Subject.NOBODY;
        if (needsRoles == roles.isEmpty()) {
            throw new IllegalArgumentException("A permission for " + subject + " cannot have the roles " + roles);
        }
        users = Collections.unmodifiableSet(new LinkedHashSet<>(users));
        roles = roles.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }

    /** The built-in organiser, or an account with one of the roles. */
    public static Permission organiser(Subject subject, Role... roles) {
        return new Permission(Set.of(AccessRules.ORGANISER), Set.copyOf(Arrays.asList(roles)), subject);
    }

    /** The built-in auditor, or an account with one of the roles. */
    public static Permission auditor(Subject subject, Role... roles) {
        return new Permission(Set.of(AccessRules.AUDITOR), Set.copyOf(Arrays.asList(roles)), subject);
    }

    /** Returns whether callers need no credentials. */
    public boolean isPublic() {
        return users.isEmpty();
    }

    /** Returns the roles of accounts as words: {@code editor or publisher}. */
    public String rolesInWords() {
        return roles.isEmpty()
                ? "operator of the installation"
                : roles.stream().map(Role::text).collect(Collectors.joining(" or "));
    }
}
