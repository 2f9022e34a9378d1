package org.countersign.signature.people;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.people.PersonMemberships.MemberOrganisation;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.PersonName;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkTokens;
import org.countersign.support.access.AccessLog;
import org.countersign.support.access.Role;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Invitations to work for an organisation. The link in the mail is a keyed hash of the invitation's id, so that no
 * table holds anything that could be used as one. An invitation ends when it is accepted or withdrawn, or after a week.
 */
public class PersonInvitations {

    private static final Duration LIFE = Duration.ofDays(7);
    /** So that nobody floods mailboxes in an organisation's name. */
    private static final int MAX_OPEN = 100;

    private static final String COLUMNS = "select id, organisation, sealed, roles, petition, expires_at ";

    private final JdbcClient database;
    private final SealedColumn sealing;
    private final PersonDirectory people;
    private final PersonMemberships memberships;
    private final Enrolment enrolment;
    private final LinkTokens tokens;
    private final AccessLog log;
    private final TransactionTemplate transaction;
    private final Clock clock;

    PersonInvitations(
            JdbcClient database,
            SealedColumn sealing,
            PersonDirectory people,
            PersonMemberships memberships,
            Enrolment enrolment,
            LinkTokens tokens,
            AccessLog log,
            TransactionTemplate transaction,
            Clock clock) {
        this.database = database;
        this.sealing = sealing;
        this.people = people;
        this.memberships = memberships;
        this.enrolment = enrolment;
        this.tokens = tokens;
        this.log = log;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * What an operator types.
     *
     * @param name the name of the invited person
     * @param email the mail address
     * @param roles the names of the roles
     * @param petition the slug of the only petition that they are for, or empty for all
     * @param language the language of the mail
     */
    public record InvitationForm(String name, String email, List<String> roles, String petition, String language) {

        /** Hides what was typed. */
        @Override
        public String toString() {
            return "InvitationForm[…]";
        }
    }

    /** An invitation that was neither accepted nor withdrawn. */
    public record OpenInvitation(
            UUID id,
            UUID organisation,
            String name,
            String email,
            String language,
            List<String> roles,
            String petition,
            Instant expiresAt) {

        /** Hides the personal data. */
        @Override
        public String toString() {
            return "OpenInvitation[" + id + "]";
        }
    }

    /**
     * Invites a person. An earlier invitation of the same address for the same petitions ends.
     *
     * @param client the network address of the client
     * @return by field, the message key of what is wrong; empty if the person is invited
     */
    public Map<String, String> invite(
            AccountPerson inviter, MemberOrganisation organisation, InvitationForm form, String client) {
        Map<String, String> wrong = new LinkedHashMap<>();
        Enrolment.reject(wrong, "name", "person.wrong.name", () -> PersonName.parse(form.name()));
        Enrolment.reject(wrong, "email", "person.wrong.email", () -> EmailAddress.parse(form.email()));
        Set<Role> roles = roles(form.roles());
        if (roles.isEmpty()) {
            wrong.put("roles", "people.wrong.roles");
        }
        String petition = form.petition().strip();
        if (!petition.isEmpty() && !memberships.isPetition(petition)) {
            wrong.put("petition", "people.wrong.petition");
        }
        if (!petition.isEmpty() && roles.contains(Role.OPERATOR)) {
            wrong.put("petition", "people.wrong.operator");
        }
        if (wrong.isEmpty() && open(organisation).size() >= MAX_OPEN) {
            wrong.put("email", "people.wrong.many");
        }
        if (wrong.isEmpty()) {
            transaction.executeWithoutResult(status -> store(inviter, organisation, form, roles, petition, client));
        }
        return wrong;
    }

    static Set<Role> roles(Collection<String> names) {
        return names.stream().flatMap(name -> Role.of(name).stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    private void store(
            AccountPerson inviter,
            MemberOrganisation organisation,
            InvitationForm form,
            Set<Role> roles,
            String petition,
            String client) {
        UUID id = UUID.randomUUID();
        EmailAddress address = EmailAddress.parse(form.email());
        byte[] hash = people.hash(address);
        OffsetDateTime now = now();
        database.sql("delete from person_invitation where organisation = ? and mail_hash = ? and petition = ?")
                .params(organisation.id(), hash, petition)
                .update();
        String names = roles.stream().map(Role::text).collect(Collectors.joining(","));
        database.sql("""
                        insert into person_invitation (id, organisation, mail_hash, sealed, roles, petition, invited_by,
                            created_at, expires_at)
                        values (?, ?, ?, ?, string_to_array(?, ','), ?, ?, ?, ?)""")
                .param(id)
                .param(organisation.id())
                .param(hash)
                .param(sealing.seal(id, PersonName.parse(form.name()), address.typed(), form.language()))
                .param(names)
                .param(petition)
                .param(inviter.id())
                .param(now)
                .param(now.plus(LIFE))
                .update();
        record(inviter.actor(), "invite person", organisation.slug() + " " + id + " " + names, client);
    }

    private void record(String actor, String action, String object, String client) {
        log.record(actor, action, object, null, client);
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    /** Lists the open invitations of an organisation, the newest first. */
    public List<OpenInvitation> open(MemberOrganisation organisation) {
        return database.sql(COLUMNS + """
                        from person_invitation where organisation = ? and expires_at > ? order by created_at desc""")
                .params(organisation.id(), now())
                .query((row, number) -> invitation(row))
                .list();
    }

    private OpenInvitation invitation(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        PersonalData data = sealing.open(id, row.getBytes("sealed"));
        return new OpenInvitation(
                id,
                row.getObject("organisation", UUID.class),
                data.name(),
                data.email(),
                data.language().orElse("en"),
                Arrays.asList((String[]) row.getArray("roles").getArray()),
                row.getString("petition"),
                row.getTimestamp("expires_at").toInstant());
    }

    /** Withdraws an invitation of an organisation. Its link ends at once. */
    public void withdraw(AccountPerson actor, MemberOrganisation organisation, UUID id, String client) {
        transaction.executeWithoutResult(status -> {
            record(actor.actor(), "withdraw invitation", organisation.slug() + " " + id, client);
            database.sql("delete from person_invitation where id = ? and organisation = ?")
                    .params(id, organisation.id())
                    .update();
        });
    }

    private Optional<OpenInvitation> find(UUID id) {
        return database.sql(COLUMNS + "from person_invitation where id = ? and expires_at > ?")
                .params(id, now())
                .query((row, number) -> invitation(row))
                .optional();
    }

    /** Finds the invitation of a link, which stays valid. */
    public Optional<OpenInvitation> find(String token) {
        try {
            return find(tokens.read(LinkPurpose.INVITATION, token).subject());
        } catch (Rejection | InvalidFieldsException e) {
            return Optional.empty();
        }
    }

    /** Returns the organisation of an invitation. */
    public MemberOrganisation organisation(OpenInvitation invitation) {
        return memberships.organisation(invitation.organisation()).orElseThrow();
    }

    /** Finds the person who has an account with the address of an invitation already. */
    public Optional<AccountPerson> invited(OpenInvitation invitation) {
        return people.find(EmailAddress.parse(invitation.email())).filter(enrolment::hasAccount);
    }

    /** Returns a secret for the form of an invitation. */
    public EnrolmentSecret secret(OpenInvitation invitation, String sealed) {
        return sealed.isEmpty()
                ? enrolment.offer(invitation.id(), invitation.email())
                : enrolment.again(invitation.id(), sealed, invitation.email());
    }

    /** Sets up an invited person who is new, and uses up the invitation. The address is always the invited one. */
    public EnrolmentResult accept(String token, EnrolmentForm typed, String client) {
        Optional<OpenInvitation> found = find(token);
        if (found.isEmpty() || invited(found.get()).isPresent()) {
            return new EnrolmentResult.LinkGone();
        }
        OpenInvitation invitation = found.get();
        EnrolmentForm form =
                new EnrolmentForm(typed.name(), invitation.email(), typed.password(), typed.secret(), typed.code());
        Map<String, String> wrong = enrolment.check(invitation.id(), form);
        if (!wrong.isEmpty()) {
            return new EnrolmentResult.WrongFields(wrong);
        }
        return transaction.execute(status -> {
            if (!use(invitation)) {
                return new EnrolmentResult.LinkGone();
            }
            Enrolment.NewPerson made = enrolment.completeInvited(invitation.id(), form);
            join(invitation, made.person(), client);
            return new EnrolmentResult.Done(made.person(), made.recoveryCodes());
        });
    }

    /**
     * Adds the roles of an invitation to a person with an account, and uses up the invitation.
     *
     * @return false if the invitation has ended, or is for another address
     */
    public boolean accept(String token, AccountPerson person, String client) {
        Optional<OpenInvitation> found = find(token)
                .filter(invitation -> invited(invitation)
                        .filter(invited -> invited.id().equals(person.id()))
                        .isPresent());
        return found.isPresent()
                && Boolean.TRUE.equals(transaction.execute(status -> {
                    boolean used = use(found.get());
                    if (used) {
                        join(found.get(), person.id(), client);
                    }
                    return used;
                }));
    }

    /** Of two calls with one link, one deletes the row. */
    private boolean use(OpenInvitation invitation) {
        return database.sql("delete from person_invitation where id = ?")
                        .param(invitation.id())
                        .update()
                == 1;
    }

    private void join(OpenInvitation invitation, UUID person, String client) {
        memberships.add(invitation.organisation(), person, roles(invitation.roles()), invitation.petition());
        String object = organisation(invitation).slug() + " " + invitation.id();
        record(AccountPerson.actor(person), "accept invitation", object, client);
    }

    /**
     * Marks mails that the notifier has planned, and returns further ones.
     *
     * @param planned the invitations whose mail is planned
     * @param limit the maximum number of further ones
     */
    public List<UUID> toPlan(List<UUID> planned, int limit) {
        planned.forEach(id -> database.sql("update person_invitation set mail_planned_at = ? where id = ?")
                .params(now(), id)
                .update());
        String unplanned = "select id from person_invitation where mail_planned_at is null order by created_at limit ?";
        return database.sql(unplanned).param(limit).query(UUID.class).list();
    }

    /**
     * What the mail of an invitation needs.
     *
     * @param invitation the invitation
     * @param organisation the name of the organisation
     * @param token the token of the link
     */
    public record InvitationMail(OpenInvitation invitation, String organisation, String token) {}

    /** Returns what the mail of an invitation needs. Empty if the invitation has ended. */
    public Optional<InvitationMail> mail(UUID id) {
        return find(id).map(invitation -> new InvitationMail(
                invitation,
                organisation(invitation).name(),
                tokens.make(LinkPurpose.INVITATION, id, 0, invitation.expiresAt())));
    }

    /** Deletes invitations that have expired. */
    @Scheduled(initialDelayString = "PT6M", fixedDelayString = "PT1H")
    void deleteExpired() {
        database.sql("delete from person_invitation where expires_at < ?")
                .param(now())
                .update();
    }
}
