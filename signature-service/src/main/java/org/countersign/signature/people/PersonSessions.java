package org.countersign.signature.people;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.countersign.support.keys.KeyRing;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The sessions of people, in PostgreSQL by Spring Session. Every instance reads them on each request, so that the end
 * of a session is effective at once.
 *
 * <p>The cookie holds the id of the session and a keyed hash of it. A copy of the database therefore signs nobody in,
 * and a guessed cookie costs no query. Attributes are plain text: nothing is deserialised.
 */
public class PersonSessions {

    /** The time without a request after which a session ends. */
    static final Duration IDLE_TIMEOUT = Duration.ofHours(12);
    /** The time after signing in when a session ends. */
    static final Duration MAX_AGE = Duration.ofDays(7);

    /** The last use is stored this often. */
    private static final Duration TOUCH_INTERVAL = Duration.ofMinutes(1);

    private static final String PERSON = FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;
    private static final String DEVICE = "device";
    private static final byte[] PURPOSE = "person session".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_COOKIE_LENGTH = 200;

    private final FindByIndexNameSessionRepository<Session> sessions;
    private final JdbcIndexedSessionRepository cleaner;
    private final PersonDirectory people;
    private final KeyRing keys;
    private final Clock clock;

    /**
     * Prepares the sessions.
     *
     * @param database the service's database
     * @param transactions runs a change of a session in a transaction
     * @param people tells whether a person can still sign in
     * @param keys the keys of links
     */
    @SuppressWarnings("unchecked") // The repository's own type of session is not public.
    PersonSessions(
            JdbcOperations database,
            TransactionOperations transactions,
            PersonDirectory people,
            KeyRing keys,
            Clock clock) {
        JdbcIndexedSessionRepository repository = new JdbcIndexedSessionRepository(database, transactions);
        repository.setTableName("person_session");
        repository.setDefaultMaxInactiveInterval(IDLE_TIMEOUT);
        GenericConversionService text = new GenericConversionService();
        text.addConverter(String.class, byte[].class, value -> value.getBytes(StandardCharsets.UTF_8));
        text.addConverter(Object.class, byte[].class, value -> value.toString().getBytes(StandardCharsets.UTF_8));
        text.addConverter(byte[].class, Object.class, bytes -> new String(bytes, StandardCharsets.UTF_8));
        repository.setConversionService(text);
        this.sessions = (FindByIndexNameSessionRepository<Session>) (Object) repository;
        this.cleaner = repository;
        this.people = people;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * A session of a request.
     *
     * @param id the id of the session, which alone signs nobody in
     * @param person the person
     */
    public record SignedIn(String id, AccountPerson person) {}

    /**
     * A session in the list of a person.
     *
     * @param id the id of the session
     * @param device browser and system, or empty
     * @param startedAt when the person signed in
     * @param usedAt about when the session was last used
     */
    public record SessionEntry(String id, String device, Instant startedAt, Instant usedAt) {}

    /**
     * Starts a session with a new id.
     *
     * @param person who has signed in
     * @param device browser and system, for the person's list of sessions
     * @return the value of the cookie
     */
    public String start(UUID person, String device) {
        Session session = sessions.createSession();
        session.setAttribute(PERSON, person.toString());
        session.setAttribute(DEVICE, device);
        sessions.save(session);
        byte[] tag = keys.tag(PURPOSE, utf8(session.getId()));
        return session.getId() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
    }

    /**
     * Finds the session of a cookie, and notes its use.
     *
     * @return empty if the cookie is forged, the session has ended, or the person cannot sign in any more
     */
    public Optional<SignedIn> find(@Nullable String cookie) {
        return id(cookie)
                .flatMap(this::live)
                .flatMap(session -> person(session)
                        .filter(AccountPerson::enabled)
                        .map(person -> {
                            touch(session);
                            return new SignedIn(session.getId(), person);
                        }));
    }

    private Optional<String> id(@Nullable String cookie) {
        int dot = cookie == null || cookie.length() > MAX_COOKIE_LENGTH ? -1 : cookie.indexOf('.');
        if (cookie == null || dot < 0) {
            return Optional.empty();
        }
        String id = cookie.substring(0, dot);
        try {
            byte[] tag = Base64.getUrlDecoder().decode(cookie.substring(dot + 1));
            return keys.verifies(tag, PURPOSE, utf8(id)) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private Optional<Session> live(String id) {
        return Optional.ofNullable(sessions.findById(id)).filter(this::isYoung);
    }

    private boolean isYoung(Session session) {
        return session.getCreationTime().plus(MAX_AGE).isAfter(clock.instant());
    }

    private Optional<AccountPerson> person(Session session) {
        String person = session.getAttribute(PERSON);
        return person == null ? Optional.empty() : people.find(UUID.fromString(person));
    }

    private void touch(Session session) {
        Instant now = clock.instant();
        if (session.getLastAccessedTime().plus(TOUCH_INTERVAL).isBefore(now)) {
            session.setLastAccessedTime(now);
            sessions.save(session);
        }
    }

    /** Lists the sessions of a person, the last used first. */
    public List<SessionEntry> list(UUID person) {
        return ofPerson(person).values().stream()
                .filter(session -> !session.isExpired() && isYoung(session))
                .map(session -> new SessionEntry(
                        session.getId(),
                        Objects.requireNonNullElse(session.<String>getAttribute(DEVICE), ""),
                        session.getCreationTime(),
                        session.getLastAccessedTime()))
                .sorted(Comparator.comparing(SessionEntry::usedAt).reversed())
                .toList();
    }

    private Map<String, Session> ofPerson(UUID person) {
        return sessions.findByPrincipalName(person.toString());
    }

    /** Ends a session of a person. Nothing happens if it is another person's. */
    public void end(UUID person, String id) {
        if (ofPerson(person).containsKey(id)) {
            sessions.deleteById(id);
        }
    }

    /** Ends all sessions of a person, except for one. */
    public void endOthers(UUID person, String kept) {
        ofPerson(person).keySet().stream().filter(id -> !id.equals(kept)).forEach(sessions::deleteById);
    }

    /** Ends all sessions of a person. */
    void endAll(UUID person) {
        ofPerson(person).keySet().forEach(sessions::deleteById);
    }

    /** Deletes sessions that have ended by themselves. */
    @Scheduled(initialDelayString = "PT5M", fixedDelayString = "PT1H")
    void cleanUp() {
        cleaner.cleanUpExpiredSessions();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
