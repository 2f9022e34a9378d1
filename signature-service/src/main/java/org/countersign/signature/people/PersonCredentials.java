package org.countersign.signature.people;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.countersign.support.id.NameBasedUuid;
import org.countersign.support.keys.KeyRing;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Passwords, secrets of codes, and recovery codes of people. */
final class PersonCredentials {

    private static final int RECOVERY_CODES = 10;
    /** 60 bits in 12 characters. */
    private static final int RECOVERY_CODE_CHARACTERS = 12;

    private static final int RECOVERY_CODE_GROUP = 4;
    private static final String RECOVERY_CODE = "[A-Z2-7]{12}";
    private static final int MAX_CODE_FAILURES = 5;
    private static final int CODE_PAUSE_MINUTES = 15;
    private static final byte[] RECOVERY = {'r', 'e', 'c', 'o', 'v', 'e', 'r', 'y'};

    private final JdbcClient database;
    private final SealedColumn sealing;
    private final PersonPassword passwords;
    private final KeyRing keys;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    PersonCredentials(JdbcClient database, SealedColumn sealing, PersonPassword passwords, KeyRing keys, Clock clock) {
        this.database = database;
        this.sealing = sealing;
        this.passwords = passwords;
        this.keys = keys;
        this.clock = clock;
    }

    /** Returns the hash of the password of a person who can sign in. */
    @Nullable
    String passwordHash(byte[] mailHash) {
        String enabled = """
                select password_hash from person_credential join person on person.id = person
                where mail_hash = ? and disabled_at is null""";
        return database.sql(enabled)
                .param(mailHash)
                .query(String.class)
                .optional()
                .orElse(null);
    }

    @Nullable
    String passwordHash(UUID person) {
        return database.sql("select password_hash from person_credential where person = ?")
                .param(person)
                .query(String.class)
                .optional()
                .orElse(null);
    }

    byte[] newSecret() {
        byte[] secret = new byte[TotpCodes.SECRET_BYTES];
        random.nextBytes(secret);
        return secret;
    }

    /**
     * Stores password and second factor of a new person.
     *
     * @param step the time step of the code that the person gave; it is used up
     * @return recovery codes, which nobody can read again
     */
    List<String> create(UUID person, String password, byte[] secret, long step) {
        database.sql("""
                        insert into person_credential (person, password_hash, code_secret, code_step, changed_at)
                        values (?, ?, ?, ?, ?)""")
                .param(person)
                .param(passwords.hash(password))
                .param(sealing.sealBytes(secretId(person), secret))
                .param(step)
                .param(now())
                .update();
        return newRecoveryCodes(person);
    }

    /** Two pieces of sealed data never share an id. */
    private static UUID secretId(UUID person) {
        return NameBasedUuid.ofName("code secret of person " + person);
    }

    private List<String> newRecoveryCodes(UUID person) {
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < RECOVERY_CODES; i++) {
            String code = TotpCodes.base32(newSecret()).substring(0, RECOVERY_CODE_CHARACTERS);
            database.sql("insert into person_recovery_code (person, hash) values (?, ?)")
                    .params(person, keys.tag(RECOVERY, utf8(person.toString()), utf8(code)))
                    .update();
            codes.add(code.replaceAll("(.{" + RECOVERY_CODE_GROUP + "})(?=.)", "$1-"));
        }
        return codes;
    }

    void changePassword(UUID person, String password) {
        database.sql("update person_credential set password_hash = ?, changed_at = ? where person = ?")
                .params(passwords.hash(password), now(), person)
                .update();
    }

    void delete(UUID person) {
        database.sql("delete from person_credential where person = ?")
                .param(person)
                .update();
        database.sql("delete from person_recovery_code where person = ?")
                .param(person)
                .update();
    }

    /**
     * Uses up a code of an app or a recovery code.
     *
     * @return whether the code was good. False without a check after too many wrong ones
     */
    boolean use(UUID person, String code) {
        String plain = code.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
        // A failure until the check has ended: concurrent guesses must not all pass the limit.
        if (!takeAttempt(person)) {
            return false;
        }
        boolean good = plain.matches(RECOVERY_CODE) ? useRecoveryCode(person, plain) : useAppCode(person, plain);
        if (good) {
            database.sql("update person_credential set code_failures = 0 where person = ?")
                    .param(person)
                    .update();
        }
        return good;
    }

    private boolean takeAttempt(UUID person) {
        OffsetDateTime pauseBegan = now().minusMinutes(CODE_PAUSE_MINUTES);
        return database.sql("""
                        update person_credential set code_failed_at = :now,
                            code_failures = case when code_failed_at < :pause then 1 else code_failures + 1 end
                        where person = :person and (code_failures < :max or code_failed_at < :pause)""")
                        .param("now", now())
                        .param("pause", pauseBegan)
                        .param("person", person)
                        .param("max", MAX_CODE_FAILURES)
                        .update()
                == 1;
    }

    private boolean useAppCode(UUID person, String code) {
        Optional<byte[]> sealed = database.sql("select code_secret from person_credential where person = ?")
                .param(person)
                .query(byte[].class)
                .optional();
        OptionalLong step = sealed.isEmpty()
                ? OptionalLong.empty()
                : TotpCodes.step(sealing.openBytes(secretId(person), sealed.get()), code, instant());
        // Of two calls with one code, one changes the row.
        return step.isPresent()
                && database.sql("update person_credential set code_step = ? where person = ? and code_step < ?")
                                .params(step.getAsLong(), person, step.getAsLong())
                                .update()
                        == 1;
    }

    private boolean useRecoveryCode(UUID person, String code) {
        return database
                .sql("select hash from person_recovery_code where person = ?")
                .param(person)
                .query(byte[].class)
                .list()
                .stream()
                .filter(hash -> keys.verifies(hash, RECOVERY, utf8(person.toString()), utf8(code)))
                .anyMatch(hash -> database.sql("delete from person_recovery_code where person = ? and hash = ?")
                                .params(person, hash)
                                .update()
                        == 1);
    }

    int recoveryCodesLeft(UUID person) {
        return database.sql("select count(*) from person_recovery_code where person = ?")
                .param(person)
                .query(Integer.class)
                .single();
    }

    private Instant instant() {
        return clock.instant();
    }

    private OffsetDateTime now() {
        return instant().atOffset(ZoneOffset.UTC);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
