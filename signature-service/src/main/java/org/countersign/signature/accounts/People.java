package org.countersign.signature.accounts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.people.AccountPerson;
import org.countersign.signature.people.PersonDirectory;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.PlainText;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The people who work for organisations. Names and mail addresses are sealed. */
@Service
public class People {

    private static final String MEMBERS = """
            select p.id, p.sealed, p.operator, p.disabled_at, m.role, m.petition
            from membership m join person p on p.id = m.person
            where m.organisation = ? and (cast(? as uuid) is null or p.id = cast(? as uuid))
            order by p.created_at, p.id, m.role, m.petition""";

    private static final int MAX_NAME_LENGTH = 120;

    private final JdbcClient database;
    private final Memberships memberships;
    private final Petitions petitions;
    private final PersonDirectory directory;
    private final Clock clock;

    People(JdbcClient database, Memberships memberships, Petitions petitions, PersonDirectory directory, Clock clock) {
        this.database = database;
        this.memberships = memberships;
        this.petitions = petitions;
        this.directory = directory;
        this.clock = clock;
    }

    /** A role of a person. The petition is null for all petitions. */
    public record RoleView(String role, @Nullable String petition) {}

    /** A person as the operators of an organisation see them. */
    public record PersonView(UUID id, String name, String mail, List<RoleView> roles) {

        /** Hides the personal data. */
        @Override
        public String toString() {
            return "PersonView[" + id + "]";
        }
    }

    /**
     * Adds a person to an organisation. A person with this mail address keeps their name, and their roles in this
     * organisation are replaced.
     *
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field is invalid
     */
    @Transactional
    public PersonView add(UUID organisation, @Nullable String name, @Nullable String mail, RolesForm form) {
        FieldErrors errors = new FieldErrors();
        String validName = errors.parse("name", () -> PlainText.line(name, MAX_NAME_LENGTH));
        EmailAddress address = errors.parse("mail", () -> EmailAddress.parse(mail));
        RolesForm.ValidRoles roles = form.validate(organisation, petitions, errors);
        errors.throwIfAny();
        UUID person = directory
                .find(address)
                .map(AccountPerson::id)
                .orElseGet(() -> directory.create(validName, address, false));
        memberships.replace(organisation, person, roles.roles(), roles.petition());
        return get(organisation, person);
    }

    /** Returns the members of an organisation. */
    public List<PersonView> of(UUID organisation) {
        return views(organisation, null);
    }

    /**
     * Returns a member of an organisation.
     *
     * @throws Rejection if the person is none
     */
    public PersonView get(UUID organisation, UUID person) {
        return views(organisation, person).stream().findFirst().orElseThrow(People::unknown);
    }

    private List<PersonView> views(UUID organisation, @Nullable UUID only) {
        Map<UUID, PersonView> people = new LinkedHashMap<>();
        database.sql(MEMBERS).params(Arrays.asList(organisation, only, only)).query((ResultSet row) -> {
            UUID id = Objects.requireNonNull(row.getObject("id", UUID.class));
            PersonView person = people.get(id);
            if (person == null) {
                person = view(id, row);
                people.put(id, person);
            }
            String petition = row.getString("petition");
            person.roles().add(new RoleView(row.getString("role"), petition.isEmpty() ? null : petition));
        });
        return List.copyOf(people.values());
    }

    private PersonView view(UUID id, ResultSet row) throws SQLException {
        AccountPerson person = directory.person(row);
        return new PersonView(id, person.name(), person.email(), new ArrayList<>());
    }

    /**
     * Replaces the roles of a member of an organisation.
     *
     * @throws org.countersign.signature.domain.InvalidFieldsException if a role is invalid
     * @throws Rejection if the person is no member
     */
    @Transactional
    public PersonView change(UUID organisation, UUID person, RolesForm form) {
        get(organisation, person);
        FieldErrors errors = new FieldErrors();
        RolesForm.ValidRoles roles = form.validate(organisation, petitions, errors);
        errors.throwIfAny();
        memberships.replace(organisation, person, roles.roles(), roles.petition());
        return get(organisation, person);
    }

    /**
     * Ends the membership of a person, and revokes their tokens of this organisation. The person stays, because
     * decisions name them.
     *
     * @throws Rejection if the person is no member
     */
    @Transactional
    public void remove(UUID organisation, UUID person) {
        if (!memberships.end(organisation, person)) {
            throw unknown();
        }
        database.sql("""
                        update api_token set revoked_at = ?
                        where organisation = ? and person = ? and revoked_at is null""")
                .params(clock.instant().atOffset(ZoneOffset.UTC), organisation, person)
                .update();
    }

    private static Rejection unknown() {
        return new Rejection(Rejection.Reason.NO_PERSON);
    }
}
