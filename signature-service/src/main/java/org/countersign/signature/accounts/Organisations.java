package org.countersign.signature.accounts;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.FieldErrors;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.personaldata.PlainText;
import org.countersign.support.access.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The organisations that run petitions. */
@Repository
public class Organisations {

    private static final String HAS_OPERATOR = """
            select exists(select from membership m join person p on p.id = m.person
            where m.organisation = ? and m.role = 'operator' and p.disabled_at is null)""";

    private static final int MAX_NAME_LENGTH = 120;

    private final JdbcClient database;
    private final Clock clock;

    Organisations(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * An organisation.
     *
     * @param slug its name in addresses
     */
    public record Organisation(UUID id, String slug, String name) {}

    /** Returns all organisations by name. */
    public List<Organisation> all() {
        return database.sql("select id, slug, name from organisation order by name, slug")
                .query(Organisation.class)
                .list();
    }

    /** Returns the organisation with this slug, or nothing. */
    public Optional<Organisation> find(@Nullable String slug) {
        return database.sql("select id, slug, name from organisation where slug = ?")
                .param(slug)
                .query(Organisation.class)
                .optional();
    }

    /**
     * Returns the organisation with this slug.
     *
     * @throws Rejection if there is none
     */
    public Organisation get(String slug) {
        return find(slug).orElseThrow(() -> new Rejection(Rejection.Reason.NO_ORGANISATION));
    }

    /**
     * Creates an organisation.
     *
     * @throws InvalidFieldsException if slug or name is invalid
     * @throws Rejection if another organisation has the slug
     */
    public Organisation create(@Nullable String slug, @Nullable String name) {
        FieldErrors errors = new FieldErrors();
        String validSlug = errors.parse("slug", () -> new PetitionSlug(slug == null ? "" : slug).value());
        String validName = errors.parse("name", () -> PlainText.line(name, MAX_NAME_LENGTH));
        errors.throwIfAny();
        Organisation created = new Organisation(UUID.randomUUID(), validSlug, validName);
        int inserted = database.sql("""
                        insert into organisation (id, slug, name, created_at) values (?, ?, ?, ?)
                        on conflict (slug) do nothing""")
                .params(created.id(), validSlug, validName, clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        if (inserted == 0) {
            throw new Rejection(Rejection.Reason.ORGANISATION_NAME_TAKEN);
        }
        return created;
    }

    /** Returns whether somebody manages the people of an organisation. */
    public boolean hasOperator(UUID organisation) {
        return database.sql(HAS_OPERATOR)
                .param(organisation)
                .query(Boolean.class)
                .single();
    }

    /**
     * Returns the organisation of a new petition.
     *
     * @param grants those of the caller
     * @param slug the organisation that the caller names; null for the only one, or the first one for built-in users
     * @throws InvalidFieldsException if the caller may not publish for it. The message is the same if there is none.
     */
    public UUID ofNewPetition(Grants grants, @Nullable String slug) {
        Optional<UUID> found = slug == null
                ? onlyOne(grants)
                : find(slug).map(Organisation::id).filter(id -> mayPublish(grants, id));
        return found.orElseThrow(() -> new InvalidFieldsException(
                "organisation", "must be the slug of an organisation for which you may publish petitions"));
    }

    private static Optional<UUID> onlyOne(Grants grants) {
        if (grants.everything()) {
            return Optional.of(Petition.FIRST_ORGANISATION);
        }
        var organisations = grants.organisations(Role.PUBLISHER);
        return organisations.size() == 1 ? organisations.stream().findFirst() : Optional.empty();
    }

    private static boolean mayPublish(Grants grants, UUID organisation) {
        return grants.everything() || grants.organisations(Role.PUBLISHER).contains(organisation);
    }

    /** Returns the organisations for which a caller may publish petitions, by name. */
    public List<Organisation> forNewPetitions(Grants grants) {
        return all().stream().filter(one -> mayPublish(grants, one.id())).toList();
    }
}
