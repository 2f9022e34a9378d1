package org.countersign.signature.people;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkTokens;
import org.countersign.support.access.AccessLog;
import org.countersign.support.access.Role;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The one-time link that makes the first operator of the installation. Who can reach the management port and knows the
 * internal secret can ask for it, while nobody operates the installation. It is in no log.
 */
public final class OperatorLinks {

    private static final Duration LIFE = Duration.ofHours(24);
    /** Serialises the makers of links and of first operators. */
    private static final String LOCK = "select pg_advisory_xact_lock(718281828459045)";

    private final JdbcClient database;
    private final PersonDirectory people;
    private final PersonMemberships memberships;
    private final Enrolment enrolment;
    private final LinkTokens tokens;
    private final AccessLog log;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final String publicUrl;

    OperatorLinks(
            JdbcClient database,
            PersonDirectory people,
            PersonMemberships memberships,
            Enrolment enrolment,
            LinkTokens tokens,
            AccessLog log,
            TransactionTemplate transaction,
            Clock clock,
            String publicUrl) {
        this.database = database;
        this.people = people;
        this.memberships = memberships;
        this.enrolment = enrolment;
        this.tokens = tokens;
        this.log = log;
        this.transaction = transaction;
        this.clock = clock;
        this.publicUrl = publicUrl;
    }

    /** Makes a link, and ends earlier ones. Empty if somebody operates the installation. */
    public Optional<String> make() {
        Instant expiry = clock.instant().plus(LIFE);
        UUID id = UUID.randomUUID();
        boolean made = Boolean.TRUE.equals(transaction.execute(status -> {
            lock();
            if (people.hasOperator()) {
                return false;
            }
            database.sql("delete from operator_link").update();
            database.sql("insert into operator_link (id, expires_at) values (?, ?)")
                    .params(id, expiry.atOffset(ZoneOffset.UTC))
                    .update();
            return true;
        }));
        return made
                ? Optional.of(
                        publicUrl + "/first-operator?token=" + tokens.make(LinkPurpose.FIRST_OPERATOR, id, 0, expiry))
                : Optional.empty();
    }

    private void lock() {
        database.sql(LOCK).query(row -> {});
    }

    /** Returns a secret for the form of a link, which does not use up the link. Empty if the link is not valid. */
    public Optional<EnrolmentSecret> open(String token, EnrolmentForm form) {
        return link(token)
                .map(link -> form.secret().isEmpty()
                        ? enrolment.offer(link, form.email())
                        : enrolment.again(link, form.secret(), form.email()));
    }

    private Optional<UUID> link(String token) {
        try {
            UUID link = tokens.read(LinkPurpose.FIRST_OPERATOR, token).subject();
            boolean open = database.sql("select exists(select from operator_link where id = ?)")
                    .param(link)
                    .query(Boolean.class)
                    .single();
            return open ? Optional.of(link) : Optional.empty();
        } catch (Rejection | InvalidFieldsException e) {
            return Optional.empty();
        }
    }

    /**
     * Makes the first operator, of the installation and of the first organisation, and uses up the link.
     *
     * @param client the network address of the client
     */
    public EnrolmentResult complete(String token, EnrolmentForm form, String client) {
        Optional<UUID> link = link(token);
        if (link.isEmpty()) {
            return new EnrolmentResult.LinkGone();
        }
        Map<String, String> wrong = enrolment.check(link.get(), form);
        if (!wrong.isEmpty()) {
            return new EnrolmentResult.WrongFields(wrong);
        }
        try {
            return transaction.execute(status -> complete(link.get(), form, client));
        } catch (DuplicateKeyException e) {
            return new EnrolmentResult.WrongFields(Map.of("email", "person.wrong.known"));
        }
    }

    private EnrolmentResult complete(UUID link, EnrolmentForm form, String client) {
        lock();
        boolean used = database.sql("delete from operator_link where id = ?")
                        .param(link)
                        .update()
                == 0;
        if (used || people.hasOperator()) {
            return new EnrolmentResult.LinkGone();
        }
        Enrolment.NewPerson made = enrolment.complete(link, form, true);
        memberships.add(PersonMemberships.FIRST_ORGANISATION, made.person(), List.of(Role.OPERATOR), "");
        log.record(AccountPerson.actor(made.person()), "become first operator", "", null, client);
        return new EnrolmentResult.Done(made.person(), made.recoveryCodes());
    }
}
