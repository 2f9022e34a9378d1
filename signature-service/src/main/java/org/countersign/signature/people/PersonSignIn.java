package org.countersign.signature.people;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkToken;
import org.countersign.signature.token.LinkTokens;
import org.countersign.support.access.AccessLog;
import org.countersign.support.credentials.LoginGuard;
import org.countersign.support.credentials.LoginGuard.LoginResult;
import org.countersign.support.credentials.LoginListener;
import org.countersign.support.id.NameBasedUuid;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * Checks the password, and then the code. Between the two, the browser holds a token that is good for five minutes. No
 * session exists before both are right, so that there is none to fix.
 */
public final class PersonSignIn {

    private static final Duration CODE_TIMEOUT = Duration.ofMinutes(5);
    /** An unknown address. It must not be told from a known one. */
    private static final String NO_HASH = "";

    private final PersonDirectory people;
    private final PersonCredentials credentials;
    private final PersonPassword passwords;
    private final LinkTokens tokens;
    private final AccessLog log;
    private final Clock clock;
    private final LoginGuard guard;

    PersonSignIn(
            PersonDirectory people,
            PersonCredentials credentials,
            PersonPassword passwords,
            LinkTokens tokens,
            AccessLog log,
            Clock clock,
            MeterRegistry meters) {
        this.people = people;
        this.credentials = credentials;
        this.passwords = passwords;
        this.tokens = tokens;
        this.log = log;
        this.clock = clock;
        this.guard = LoginGuard.of(this::check, new FailureLog(log), meters);
    }

    /** The outcome of a check of the password. */
    public sealed interface PasswordResult {

        /**
         * The password is right.
         *
         * @param token goes with the code
         */
        record CodeNeeded(String token) implements PasswordResult {}

        /** Address or password is wrong. */
        record Wrong() implements PasswordResult {}

        /** There were too many failures. Nothing was checked. */
        record TooMany(Duration retryAfter) implements PasswordResult {}
    }

    /** A sign-in is complete after the code, so that only failures of passwords have an entry. */
    private record FailureLog(AccessLog log) implements LoginListener {

        @Override
        public void accepted(String user, String address) {
            // The code has to follow.
        }

        @Override
        public void rejected(String user, String address) {
            log.rejected(user, address);
        }
    }

    /**
     * Checks address and password. An unknown address and a wrong password have the same outcome after the same time.
     *
     * @param address the mail address
     * @param password the password
     * @param client the network address of the client
     */
    public PasswordResult password(String address, String password, String client) {
        byte[] mailHash = mailHash(address);
        String hash = credentials.passwordHash(mailHash);
        // The guard remembers successes for a minute. The user's name changes with the password, so that an old
        // password is not accepted from memory.
        int version = version(hash == null ? NO_HASH : hash);
        String user = HexFormat.of().formatHex(mailHash) + "-" + version;
        LoginResult result = guard.check(user, password, client);
        if (result instanceof LoginResult.Limited limited) {
            return new PasswordResult.TooMany(limited.retryAfter());
        }
        if (!(result instanceof LoginResult.Accepted)) {
            return new PasswordResult.Wrong();
        }
        return people.findByHash(mailHash)
                .filter(AccountPerson::enabled)
                .<PasswordResult>map(person -> new PasswordResult.CodeNeeded(tokens.make(
                        LinkPurpose.SIGN_IN_CODE,
                        person.id(),
                        version,
                        clock.instant().plus(CODE_TIMEOUT))))
                .orElseGet(PasswordResult.Wrong::new);
    }

    private byte[] mailHash(String address) {
        try {
            return people.hash(EmailAddress.parse(address));
        } catch (IllegalArgumentException e) {
            // No person has it, but guesses are limited for it.
            return people.hashOfText(address);
        }
    }

    private @Nullable Collection<? extends GrantedAuthority> check(String user, String password) {
        byte[] mailHash = HexFormat.of().parseHex(user.substring(0, PersonDirectory.HASH_BYTES * 2));
        return passwords.matches(password, credentials.passwordHash(mailHash)) ? AuthorityUtils.NO_AUTHORITIES : null;
    }

    /** Returns 16 bits that change with the hash of a password. */
    private static int version(String hash) {
        return (int) (NameBasedUuid.ofName(hash).getLeastSignificantBits() & 0xffff);
    }

    /**
     * Checks the code after the password.
     *
     * @param token the token of {@link PasswordResult.CodeNeeded}
     * @param code the code of an app, or a recovery code
     * @param client the network address of the client
     * @return the person, who is signed in now; empty if the code is wrong
     * @throws Rejection if the password was given too long ago
     * @throws InvalidFieldsException if the token is forged
     */
    public Optional<UUID> code(String token, String code, String client) {
        LinkToken step = tokens.read(LinkPurpose.SIGN_IN_CODE, token);
        UUID person = step.subject();
        String hash = credentials.passwordHash(person);
        boolean current = hash != null
                && version(hash) == step.round()
                && people.find(person).filter(AccountPerson::enabled).isPresent();
        if (!current || !credentials.use(person, code)) {
            log.rejected(AccountPerson.actor(person), client);
            return Optional.empty();
        }
        log.record(AccountPerson.actor(person), "sign in", "", null, client);
        return Optional.of(person);
    }

    /**
     * Changes a password, if the present one is given. Failures are limited as at signing in.
     *
     * @return whether it was changed
     */
    public PasswordResult changePassword(AccountPerson person, String present, String changed, String client) {
        PasswordResult result = password(person.email(), present, client);
        if (result instanceof PasswordResult.CodeNeeded) {
            log.record(person.actor(), "change password", "", null, client);
            credentials.changePassword(person.id(), changed);
        }
        return result;
    }

    /** Returns how many recovery codes a person has left. */
    public int recoveryCodesLeft(AccountPerson person) {
        return credentials.recoveryCodesLeft(person.id());
    }

    /** Returns whether a password is long enough, and short enough for the hash. */
    public static boolean isAllowedPassword(String password) {
        return PersonPassword.isAllowed(password);
    }
}
