package org.countersign.signature.api.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.countersign.signature.accounts.Grants;
import org.countersign.signature.accounts.Memberships;
import org.countersign.signature.accounts.Organisations;
import org.countersign.signature.accounts.PetitionsOfObjects;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.support.access.AccessLog.LogEntry;
import org.countersign.support.access.AccountAccess;
import org.countersign.support.access.Caller;
import org.countersign.support.access.Permission;
import org.countersign.support.access.Permission.Subject;
import org.countersign.support.access.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Decides by memberships which calls an account may make. What is of other organisations does not exist for it. */
@Component
class AccountDecisions implements AccountAccess {

    /** Actions whose object is a text that the user chose, or no petition, signature or case. */
    private static final Set<String> WITHOUT_PETITION =
            Set.of("erase person", "erased person", "refused", "login", "failed login");

    private static final int ID_LENGTH = 36;

    private final Memberships memberships;
    private final Organisations organisations;
    private final PetitionsOfObjects petitions;

    AccountDecisions(Memberships memberships, Organisations organisations, PetitionsOfObjects petitions) {
        this.memberships = memberships;
        this.organisations = organisations;
        this.petitions = petitions;
    }

    @Override
    public AccountDecision decide(
            Caller caller, Permission permission, Map<String, String> variables, HttpServletRequest request) {
        Grants grants = request.getAttribute(BearerTokens.GRANTS) instanceof Grants ofToken
                ? ofToken
                : memberships.of(caller.person(), caller.scope());
        Predicate<Petition> visible = grants::sees;
        return switch (permission.subject()) {
            case PETITION -> {
                String slug = variables.containsKey("petition") ? variables.get("petition") : variables.get("slug");
                yield about(
                        petitions.ofSlug(slug, visible),
                        new Rejection(Rejection.Reason.NO_PETITION),
                        grants,
                        permission);
            }
            case PETITION_IN_QUERY -> {
                Optional<String> slug = only(request, "petition");
                RuntimeException answer = slug.isEmpty()
                        ? new InvalidFieldsException("petition", "must name one petition of your organisations")
                        : new Rejection(Rejection.Reason.NO_PETITION);
                yield about(slug.flatMap(one -> petitions.ofSlug(one, visible)), answer, grants, permission);
            }
            case SIGNATURE -> ofSignature(Optional.ofNullable(variables.get("id")), grants, permission);
            case SIGNATURE_IN_QUERY -> ofSignature(only(request, "id").map(String::strip), grants, permission);
            case CASE ->
                about(
                        petitions.ofCase(variables.getOrDefault("id", ""), visible),
                        new Rejection(Rejection.Reason.NO_CASE),
                        grants,
                        permission);
            case ORGANISATION, ORGANISATION_TO_STAFF ->
                inOrganisation(variables.get("organisation"), grants, permission);
            case OWN_PETITIONS -> allowed(grants.hasSomewhere(permission.roles()), grants, permission);
            case OWN_ORGANISATIONS ->
                allowed(
                        grants.memberships().stream()
                                .anyMatch(one -> grants.has(permission.roles(), one.organisation())),
                        grants,
                        permission);
            case INSTALLATION -> allowed(grants.installationOperator(), grants, permission);
            case NOBODY -> allowed(false, grants, permission);
        };
    }

    private AccountDecision ofSignature(Optional<String> id, Grants grants, Permission permission) {
        return about(
                id.flatMap(one -> petitions.ofSignature(one, grants::sees)),
                new Rejection(Rejection.Reason.NO_SIGNATURE),
                grants,
                permission);
    }

    private AccountDecision inOrganisation(@Nullable String slug, Grants grants, Permission permission) {
        Optional<UUID> organisation =
                organisations.find(slug).map(Organisations.Organisation::id).filter(grants::sees);
        if (organisation.isEmpty()) {
            return new AccountDecision.Unknown(new Rejection(Rejection.Reason.NO_ORGANISATION));
        }
        boolean staffs = permission.subject() == Subject.ORGANISATION_TO_STAFF && grants.installationOperator();
        return allowed(staffs || grants.has(permission.roles(), organisation.get()), grants, permission);
    }

    private static AccountDecision about(
            Optional<Petition> petition, RuntimeException unknown, Grants grants, Permission permission) {
        return petition.map(found -> allowed(grants.has(permission.roles(), found), grants, permission))
                .orElseGet(() -> new AccountDecision.Unknown(unknown));
    }

    private static AccountDecision allowed(boolean allowed, Grants grants, Permission permission) {
        return allowed
                ? new AccountDecision.Allowed(grants)
                : new AccountDecision.MissingRole(permission.rolesInWords());
    }

    /** Returns the value of a parameter that is there once. Readers disagree about a repeated one. */
    private static Optional<String> only(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        return values != null && values.length == 1 ? Optional.of(values[0]) : Optional.empty();
    }

    @Override
    public Predicate<LogEntry> readableEntries(Object granted) {
        Grants grants = granted instanceof Grants some ? some : Grants.NONE;
        Predicate<Petition> visible = petition -> grants.has(Set.of(Role.AUDITOR), petition);
        return entry -> !WITHOUT_PETITION.contains(entry.action())
                && petition(entry.object().split(" ", 2)[0], visible).isPresent();
    }

    /** Finds the petition of an entry's object. A slug that looks like an id is taken for an id. */
    private Optional<Petition> petition(String object, Predicate<Petition> visible) {
        if (object.length() == ID_LENGTH && object.matches("[0-9A-Fa-f-]+")) {
            return petitions.ofSignature(object, visible).or(() -> petitions.ofCase(object, visible));
        }
        return petitions.ofKnownSlug(object, visible);
    }
}
