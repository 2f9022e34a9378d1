package org.countersign.signature.people;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.countersign.support.access.Role;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The roles of people in organisations. */
@Repository
public class PersonMemberships {

    /** The organisation of installations that have only one. */
    static final UUID FIRST_ORGANISATION = UUID.fromString("00000000-0000-0000-0000-000000000001");

    private final JdbcClient database;
    private final PersonDirectory people;
    private final Clock clock;

    PersonMemberships(JdbcClient database, PersonDirectory people, Clock clock) {
        this.database = database;
        this.people = people;
        this.clock = clock;
    }

    /** An organisation. */
    public record MemberOrganisation(UUID id, String slug, String name) {}

    /**
     * The roles of a person for the same petitions.
     *
     * @param person the person
     * @param petition the slug of the only petition, or empty for all
     * @param roles the names of the roles, in the order of {@link Role}
     */
    public record MemberRoles(AccountPerson person, String petition, List<String> roles) {}

    /** Finds an organisation by its name in addresses. */
    public Optional<MemberOrganisation> organisation(String slug) {
        return database.sql("select id, slug, name from organisation where slug = ?")
                .param(slug)
                .query(MemberOrganisation.class)
                .optional();
    }

    Optional<MemberOrganisation> organisation(UUID id) {
        return database.sql("select id, slug, name from organisation where id = ?")
                .param(id)
                .query(MemberOrganisation.class)
                .optional();
    }

    /** Returns the organisations whose people a person manages. */
    public List<MemberOrganisation> managedBy(AccountPerson person) {
        return database.sql("""
                        select id, slug, name from organisation o where ? or exists (
                            select from membership where organisation = o.id and person = ? and role = 'operator'
                                and petition = '') order by name""")
                .params(person.operator(), person.id())
                .query(MemberOrganisation.class)
                .list();
    }

    /** Returns whether a person manages the people of an organisation. */
    public boolean manages(AccountPerson person, MemberOrganisation organisation) {
        return managedBy(person).contains(organisation);
    }

    /** Lists the people of an organisation by name, with their roles. */
    public List<MemberRoles> members(MemberOrganisation organisation) {
        record Row(UUID person, String petition, String role) {}
        Map<UUID, Map<String, TreeSet<Role>>> roles = new LinkedHashMap<>();
        database.sql("select person, petition, role from membership where organisation = ? order by person, petition")
                .param(organisation.id())
                .query(Row.class)
                .list()
                .forEach(row -> roles.computeIfAbsent(row.person(), any -> new LinkedHashMap<>())
                        .computeIfAbsent(row.petition(), any -> new TreeSet<>())
                        .add(Role.of(row.role()).orElseThrow()));
        List<MemberRoles> members = new ArrayList<>();
        roles.forEach((id, byPetition) -> people.find(id)
                .ifPresent(person -> byPetition.forEach((petition, ofPetition) -> members.add(new MemberRoles(
                        person, petition, ofPetition.stream().map(Role::text).toList())))));
        members.sort(Comparator.comparing((MemberRoles one) -> one.person().name(), String.CASE_INSENSITIVE_ORDER));
        return members;
    }

    /** Returns whether a petition with this slug exists. */
    boolean isPetition(String slug) {
        return database.sql("select exists(select from petition_name where slug = ?)")
                .param(slug)
                .query(Boolean.class)
                .single();
    }

    /** Returns whether a person has any role in an organisation. */
    boolean isMember(UUID organisation, UUID person) {
        return database.sql("select exists(select from membership where organisation = ? and person = ?)")
                .params(organisation, person)
                .query(Boolean.class)
                .single();
    }

    void add(UUID organisation, UUID person, Collection<Role> roles, String petition) {
        for (Role role : roles) {
            database.sql("""
                            insert into membership (organisation, person, role, petition, created_at)
                            values (?, ?, ?, ?, ?) on conflict do nothing""")
                    .params(
                            organisation,
                            person,
                            role.text(),
                            petition,
                            clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    /** Gives a person exactly these roles for a petition, or for all. */
    void replace(UUID organisation, UUID person, Set<Role> roles, String petition) {
        database.sql("delete from membership where organisation = ? and person = ? and petition = ?")
                .params(organisation, person, petition)
                .update();
        add(organisation, person, roles, petition);
    }

    void remove(UUID organisation, UUID person) {
        database.sql("delete from membership where organisation = ? and person = ?")
                .params(organisation, person)
                .update();
    }

    void removeAll(UUID person) {
        database.sql("delete from membership where person = ?").param(person).update();
    }
}
