package org.countersign.signature.accounts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.support.access.Role;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The roles of people in organisations. */
@Repository
public class Memberships {

    private final JdbcClient database;
    private final Clock clock;

    Memberships(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Returns what a person may see and do. A disabled person has no grants.
     *
     * @param scope the roles to which the person's are limited, or nothing for all roles
     */
    public Grants of(UUID person, Optional<Set<String>> scope) {
        List<GrantRow> rows =
                database.sql("""
                        select p.operator, m.organisation, m.role, m.petition
                        from person p left join membership m on m.person = p.id
                        where p.id = ? and p.disabled_at is null""").param(person).query(Memberships::row).list();
        return new Grants(
                false,
                scope.isEmpty() && rows.stream().anyMatch(GrantRow::operator),
                rows.stream()
                        .flatMap(row -> row.membership().stream())
                        .filter(one -> scope.isEmpty()
                                || scope.get().contains(one.role().text()))
                        .toList());
    }

    private record GrantRow(boolean operator, Optional<Membership> membership) {}

    private static GrantRow row(ResultSet row, int number) throws SQLException {
        boolean operator = row.getBoolean("operator");
        UUID organisation = row.getObject("organisation", UUID.class);
        return new GrantRow(
                operator,
                organisation == null
                        ? Optional.empty()
                        : Role.of(row.getString("role"))
                                .map(role -> new Membership(organisation, role, string(row, "petition"))));
    }

    private static String string(ResultSet row, String column) {
        try {
            return row.getString(column);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Replaces the roles of a person in an organisation for one petition, or for all of them. */
    void replace(UUID organisation, UUID person, Set<Role> roles, String petition) {
        end(organisation, person);
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

    /** Takes all roles in an organisation from a person. Returns whether there were any. */
    boolean end(UUID organisation, UUID person) {
        return database.sql("delete from membership where organisation = ? and person = ?")
                        .params(organisation, person)
                        .update()
                > 0;
    }
}
