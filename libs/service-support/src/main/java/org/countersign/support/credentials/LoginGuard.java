package org.countersign.support.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.GrantedAuthority;

/**
 * Checks credentials, and limits guessing before any hash is computed.
 *
 * <ul>
 *   <li>Failures are limited for each pair of network and user, and for each network. Somebody who fails with a user's
 *       name from one network does not lock that user out on another.
 *   <li>The number of concurrent hash computations is limited, see {@link HashBudget}. Guessing from many networks
 *       cannot take the processors.
 *   <li>A successful check is valid for a minute on the same network without another hash. The key is an HMAC of the
 *       credentials under a random key of this process. The limits apply before this cache, so that it cannot be used
 *       to guess.
 *   <li>Unknown users cost the same as known ones.
 * </ul>
 */
public final class LoginGuard {

    private static final Logger LOG = LoggerFactory.getLogger(LoginGuard.class);

    private static final int MAX_FAILURES_OF_PAIR = 5;
    private static final Duration REFILL_OF_PAIR = Duration.ofSeconds(12);
    private static final int MAX_FAILURES_OF_NETWORK = 20;
    private static final Duration REFILL_OF_NETWORK = Duration.ofSeconds(3);
    /** After this time without an attempt, both buckets are full again. */
    private static final Duration FORGET_AFTER = Duration.ofMinutes(2);

    private static final int MAX_NETWORKS = 100_000;
    private static final Duration SUCCESS_TTL = Duration.ofMinutes(1);
    private static final int MAX_SUCCESSES = 1000;
    private static final int MAX_USER_LENGTH = 32;

    private static final CredentialCheck NO_USERS = (user, password) -> null;

    private final CredentialCheck check;
    private final LoginListener listener;
    private final HashBudget budget = new HashBudget();
    private final Predicate<String> exempt;
    private final Ticker ticker;
    private final SecretKeySpec key = randomKey();
    private final Cache<String, AttemptBucket> pairs;
    private final Cache<String, AttemptBucket> networks;
    private final Cache<ByteBuffer, LoginResult.Accepted> successes;
    private final Counter accepted;
    private final Counter rejected;
    private final Counter limited;

    /** The outcome of a check. */
    public sealed interface LoginResult {

        /** The credentials are right. */
        record Accepted(String user, Collection<? extends GrantedAuthority> authorities) implements LoginResult {}

        /** The credentials are wrong. */
        record Rejected() implements LoginResult {

            public static final Rejected INSTANCE = new Rejected();
        }

        /** There were too many failures, or too many checks at this moment. Nothing was checked. */
        record Limited(Duration retryAfter) implements LoginResult {}
    }

    /** Compares a password with the stored hash. */
    public interface CredentialCheck {

        /** Returns the roles of the user, or null if the credentials are wrong. Both take the same time. */
        @Nullable
        Collection<? extends GrantedAuthority> rolesOf(String user, String password);
    }

    /**
     * Creates the guard of a service.
     *
     * @param credentials the users
     * @param listener receives the outcome of each check
     * @param meters receives the number of checks by outcome
     * @param exempt tells of a client's address whether a recent success still counts after too many failures
     */
    public LoginGuard(Credentials credentials, LoginListener listener, MeterRegistry meters, Predicate<String> exempt) {
        this(credentials::rolesOf, listener, meters, exempt, Ticker.systemTicker());
    }

    /**
     * Creates a guard of other users than the built-in ones, with its own limits.
     *
     * @param check compares a password with the stored hash
     * @param listener receives the outcome of each check
     * @param meters receives the number of checks by outcome, together with those of other guards
     * @return the guard
     */
    public static LoginGuard of(CredentialCheck check, LoginListener listener, MeterRegistry meters) {
        return new LoginGuard(check, listener, meters, address -> false, Ticker.systemTicker());
    }

    /**
     * Creates the guard of a service without built-in users.
     *
     * @param listener receives the outcome of each check
     * @param meters receives the number of checks by outcome
     * @return a guard that accepts nobody
     */
    static LoginGuard withoutUsers(LoginListener listener, MeterRegistry meters) {
        return of(NO_USERS, listener, meters);
    }

    /** Returns whether anybody can have credentials that this guard accepts. */
    public boolean hasUsers() {
        return check != NO_USERS;
    }

    LoginGuard(
            CredentialCheck check,
            LoginListener listener,
            MeterRegistry meters,
            Predicate<String> exempt,
            Ticker ticker) {
        this.check = check;
        this.exempt = exempt;
        this.listener = listener;
        this.ticker = ticker;
        pairs = buckets();
        networks = buckets();
        successes = Caffeine.newBuilder()
                .maximumSize(MAX_SUCCESSES)
                .expireAfterWrite(SUCCESS_TTL)
                .ticker(ticker)
                .build();
        accepted = counter("accepted", meters);
        rejected = counter("rejected", meters);
        limited = counter("limited", meters);
    }

    private Cache<String, AttemptBucket> buckets() {
        return Caffeine.newBuilder()
                .maximumSize(MAX_NETWORKS)
                .expireAfterAccess(FORGET_AFTER)
                .ticker(ticker)
                .build();
    }

    private static Counter counter(String outcome, MeterRegistry meters) {
        return Counter.builder("countersign.logins")
                .description("checks of passwords")
                .tag("outcome", outcome)
                .register(meters);
    }

    /**
     * Checks credentials.
     *
     * @param user the given name
     * @param password the given password
     * @param address the client's address
     */
    public LoginResult check(String user, String password, String address) {
        String network = NetworkPrefix.ofLimits(address);
        String pair = network + ' ' + readable(user) + ' ' + user.hashCode();
        AttemptBucket ofPair = pairs.get(pair, any -> bucket(MAX_FAILURES_OF_PAIR, REFILL_OF_PAIR));
        AttemptBucket ofNetwork = networks.get(network, any -> bucket(MAX_FAILURES_OF_NETWORK, REFILL_OF_NETWORK));
        LoginResult.Limited wait = untilAllowed(ofPair, ofNetwork);
        if (wait != null) {
            LoginResult.Accepted recent =
                    exempt.test(address) ? successes.getIfPresent(hmac(network, user, password)) : null;
            return recent == null ? wait : recent;
        }
        LoginAttempt attempt = new LoginAttempt(user, password, address, pair, ofPair, ofNetwork);
        // The same credentials of one network at the same time are hashed once.
        LoginResult.Accepted success = successes.get(hmac(network, user, password), any -> attempt.run());
        return success != null ? success : attempt.failure;
    }

    /**
     * Checks a random secret, whose hash is quick to compute. Failures have the limits of wrong passwords.
     *
     * @param name a name of the secret for logs
     * @param address the client's address
     * @param check returns what the secret stands for, or nothing if it is wrong
     * @return what the check returned
     * @throws TooManyFailuresException if there were too many failures. Only an exempt client is checked still.
     */
    public <T> Optional<T> checkSecret(String name, String address, Supplier<Optional<T>> check) {
        String network = NetworkPrefix.ofLimits(address);
        String pair = network + ' ' + readable(name) + ' ' + name.hashCode();
        AttemptBucket ofPair = pairs.get(pair, any -> bucket(MAX_FAILURES_OF_PAIR, REFILL_OF_PAIR));
        AttemptBucket ofNetwork = networks.get(network, any -> bucket(MAX_FAILURES_OF_NETWORK, REFILL_OF_NETWORK));
        LoginResult.Limited wait = untilAllowed(ofPair, ofNetwork);
        if (wait != null && !exempt.test(address)) {
            throw new TooManyFailuresException(wait.retryAfter());
        }
        // Concurrent guesses may pass the limit: nobody guesses 256 random bits. Valid calls must not wait for others.
        Optional<T> found = check.get();
        if (found.isPresent()) {
            return found;
        }
        if (wait != null) {
            throw new TooManyFailuresException(wait.retryAfter());
        }
        ofPair.take(ticker.read());
        ofNetwork.take(ticker.read());
        rejected.increment();
        LOG.warn("Wrong secret of {} from network {}", readable(name), NetworkPrefix.ofLogs(address));
        listener.rejected(readable(name), address);
        return found;
    }

    /** There were too many failures of a network. */
    public static final class TooManyFailuresException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Duration retryAfter;

        private TooManyFailuresException(Duration retryAfter) {
            super("Too many attempts with wrong credentials", null, false, false);
            this.retryAfter = retryAfter;
        }

        /** Returns the time until the next attempt. */
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    private AttemptBucket bucket(int capacity, Duration refill) {
        return new AttemptBucket(capacity, refill, ticker.read());
    }

    private LoginResult.@Nullable Limited untilAllowed(AttemptBucket ofPair, AttemptBucket ofNetwork) {
        long now = ticker.read();
        Duration wait = ofPair.untilAllowed(now);
        Duration other = ofNetwork.untilAllowed(now);
        Duration longer = wait.compareTo(other) > 0 ? wait : other;
        if (longer.isZero()) {
            return null;
        }
        limited.increment();
        return new LoginResult.Limited(longer.plusSeconds(1));
    }

    /** One computation of a hash. */
    private final class LoginAttempt {

        private final String user;
        private final String password;
        private final String address;
        private final String pair;
        private final AttemptBucket ofPair;
        private final AttemptBucket ofNetwork;
        private LoginResult failure = LoginResult.Rejected.INSTANCE;

        private LoginAttempt(
                String user,
                String password,
                String address,
                String pair,
                AttemptBucket ofPair,
                AttemptBucket ofNetwork) {
            this.user = user;
            this.password = password;
            this.address = address;
            this.pair = pair;
            this.ofPair = ofPair;
            this.ofNetwork = ofNetwork;
        }

        /** Returns null if the credentials were not accepted. */
        private LoginResult.@Nullable Accepted run() {
            // A failure until the check has ended: concurrent guesses must not all pass the limit.
            Duration wait = take();
            if (!wait.isZero()) {
                return limit(wait.plusSeconds(1));
            }
            Optional<Semaphore> place = budget.acquire(pair);
            if (place.isEmpty()) {
                giveBack();
                return limit(HashBudget.RETRY_AFTER);
            }
            try {
                return compare();
            } finally {
                place.get().release();
            }
        }

        private Duration take() {
            Duration wait = ofPair.take(ticker.read());
            if (wait.isZero()) {
                wait = ofNetwork.take(ticker.read());
                if (!wait.isZero()) {
                    ofPair.giveBack();
                }
            }
            return wait;
        }

        private LoginResult.@Nullable Accepted limit(Duration retryAfter) {
            limited.increment();
            failure = new LoginResult.Limited(retryAfter);
            return null;
        }

        private LoginResult.@Nullable Accepted compare() {
            Collection<? extends GrantedAuthority> roles = roles();
            if (roles == null) {
                rejected.increment();
                LOG.warn(
                        "Wrong credentials for user {} from network {}", readable(user), NetworkPrefix.ofLogs(address));
                listener.rejected(readable(user), address);
                return null;
            }
            giveBack();
            listener.accepted(user, address);
            budget.remember(pair);
            accepted.increment();
            return new LoginResult.Accepted(user, List.copyOf(roles));
        }

        private @Nullable Collection<? extends GrantedAuthority> roles() {
            try {
                return check.rolesOf(user, password);
            } catch (RuntimeException unavailable) {
                giveBack();
                throw unavailable;
            }
        }

        private void giveBack() {
            ofPair.giveBack();
            ofNetwork.giveBack();
        }
    }

    private static String readable(String user) {
        return user.substring(0, Math.min(MAX_USER_LENGTH, user.length())).replaceAll("[^A-Za-z0-9._@-]", "?");
    }

    private ByteBuffer hmac(String network, String user, String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            for (String part : List.of(network, user)) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
                mac.update(bytes);
            }
            return ByteBuffer.wrap(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    private static SecretKeySpec randomKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return new SecretKeySpec(key, "HmacSHA256");
    }
}
