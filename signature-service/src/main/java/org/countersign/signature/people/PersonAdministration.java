package org.countersign.signature.people;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.signature.people.PersonMemberships.MemberOrganisation;
import org.countersign.support.access.AccessLog;
import org.countersign.support.access.Role;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** What an operator decides about the people of an organisation. Each decision has an entry in the access log. */
@Service
public class PersonAdministration {

    private final PersonDirectory people;
    private final PersonMemberships memberships;
    private final PersonCredentials credentials;
    private final PersonSessions sessions;
    private final AccessLog log;
    private final TransactionTemplate transaction;

    PersonAdministration(
            PersonDirectory people,
            PersonMemberships memberships,
            PersonCredentials credentials,
            PersonSessions sessions,
            AccessLog log,
            TransactionTemplate transaction) {
        this.people = people;
        this.memberships = memberships;
        this.credentials = credentials;
        this.sessions = sessions;
        this.log = log;
        this.transaction = transaction;
    }

    /**
     * Gives a member exactly these roles for a petition, or for all petitions if the slug is empty.
     *
     * @return the message key of the reason if nothing was changed
     */
    public Optional<String> changeRoles(
            AccountPerson actor,
            MemberOrganisation organisation,
            UUID member,
            String petition,
            Collection<String> names,
            String client) {
        Set<Role> roles = PersonInvitations.roles(names);
        if (!memberships.isMember(organisation.id(), member)) {
            return Optional.of("people.wrong.member");
        }
        if (!petition.isEmpty() && roles.contains(Role.OPERATOR)) {
            return Optional.of("people.wrong.operator");
        }
        if (actor.id().equals(member) && petition.isEmpty() && !roles.contains(Role.OPERATOR)) {
            return Optional.of("people.wrong.self");
        }
        transaction.executeWithoutResult(status -> {
            String text = roles.stream().map(Role::text).collect(Collectors.joining(","));
            log.record(
                    actor.actor(),
                    "change roles",
                    organisation.slug() + " " + member + " " + text + " " + petition,
                    null,
                    client);
            memberships.replace(organisation.id(), member, roles, petition);
        });
        return Optional.empty();
    }

    /**
     * Ends all roles of a member in an organisation.
     *
     * @return the message key of the reason if nothing was changed
     */
    public Optional<String> endMembership(
            AccountPerson actor, MemberOrganisation organisation, UUID member, String client) {
        if (actor.id().equals(member)) {
            return Optional.of("people.wrong.self");
        }
        transaction.executeWithoutResult(status -> {
            log.record(actor.actor(), "end membership", organisation.slug() + " " + member, null, client);
            memberships.remove(organisation.id(), member);
        });
        return Optional.empty();
    }

    /**
     * Disables the account of a member for good, in all organisations. Sessions end, and password and codes are
     * deleted. Only operators of the installation may do it.
     *
     * @return the message key of the reason if nothing was changed
     */
    public Optional<String> disable(AccountPerson actor, MemberOrganisation organisation, UUID member, String client) {
        if (actor.id().equals(member)) {
            return Optional.of("people.wrong.self");
        }
        if (!actor.operator() || !memberships.isMember(organisation.id(), member)) {
            return Optional.of("people.wrong.member");
        }
        transaction.executeWithoutResult(status -> {
            log.record(actor.actor(), "disable person", member.toString(), null, client);
            people.disable(member);
            memberships.removeAll(member);
            credentials.delete(member);
        });
        sessions.endAll(member);
        return Optional.empty();
    }
}
