package org.countersign.signature.people;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.personaldata.PersonalData;
import org.countersign.signature.personaldata.RecipientKeys;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of people. Name and address are sealed; a keyed hash of the address finds a person. */
@Repository
public class PersonDirectory {

    private static final String COLUMNS = "select id, sealed, operator, disabled_at from person ";

    /** The length of the hash of an address. */
    static final int HASH_BYTES = 32;

    private final JdbcClient database;
    private final SealedColumn sealing;
    private final RecipientKeys keys;
    private final Clock clock;

    PersonDirectory(JdbcClient database, SealedColumn sealing, RecipientKeys keys, Clock clock) {
        this.database = database;
        this.sealing = sealing;
        this.keys = keys;
        this.clock = clock;
    }

    /** Finds a person. */
    public Optional<AccountPerson> find(UUID id) {
        return database.sql(COLUMNS + "where id = ?")
                .param(id)
                .query((row, number) -> person(row))
                .optional();
    }

    Optional<AccountPerson> findByHash(byte[] mailHash) {
        return database.sql(COLUMNS + "where mail_hash = ?")
                .param(mailHash)
                .query((row, number) -> person(row))
                .optional();
    }

    /** Finds the person with an address, in whatever spelling. */
    public Optional<AccountPerson> find(EmailAddress address) {
        return findByHash(hash(address));
    }

    /**
     * Reads a person.
     *
     * @param row has the columns id, sealed, operator and disabled_at
     */
    public AccountPerson person(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        PersonalData data = sealing.open(id, row.getBytes("sealed"));
        return new AccountPerson(
                id, data.name(), data.email(), row.getBoolean("operator"), row.getTimestamp("disabled_at") == null);
    }

    /** Returns the keyed hash of an address. */
    byte[] hash(EmailAddress address) {
        return keys.ofPerson(address);
    }

    /** Returns a keyed hash of a text that is no address. No person has it. */
    byte[] hashOfText(String text) {
        return keys.ofNobody(text);
    }

    /**
     * Adds a person.
     *
     * @return the id
     * @throws org.springframework.dao.DuplicateKeyException if there is a person with this address
     */
    public UUID create(String name, EmailAddress address, boolean operator) {
        UUID id = UUID.randomUUID();
        database.sql("insert into person (id, mail_hash, sealed, operator, created_at) values (?, ?, ?, ?, ?)")
                .param(id)
                .param(hash(address))
                .param(sealing.seal(id, name, address.typed()))
                .param(operator)
                .param(clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return id;
    }

    void rename(UUID person, String name, EmailAddress address) {
        database.sql("update person set sealed = ? where id = ?")
                .params(sealing.seal(person, name, address.typed()), person)
                .update();
    }

    /** Returns whether there is a person who operates the installation and can sign in. */
    boolean hasOperator() {
        return database.sql("select exists(select from person where operator and disabled_at is null)")
                .query(Boolean.class)
                .single();
    }

    void disable(UUID person) {
        database.sql("update person set disabled_at = coalesce(disabled_at, ?) where id = ?")
                .param(clock.instant().atOffset(ZoneOffset.UTC))
                .param(person)
                .update();
    }
}
