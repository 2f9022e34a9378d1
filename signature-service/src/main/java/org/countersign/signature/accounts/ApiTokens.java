package org.countersign.signature.accounts;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.countersign.signature.domain.Rejection;
import org.countersign.support.access.Role;
import org.countersign.support.sql.SqlArrays;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * The API tokens of people. A token has some of its owner's roles in one organisation, and never more than the owner
 * has now. Only a keyed hash of its secret is stored.
 */
@Service
public class ApiTokens {

    /** The beginning of all tokens. */
    public static final String PREFIX = "cs_";

    private static final String TOKEN = """
            select t.person, t.organisation, t.secret_hash, t.scope, t.petition, t.expires_at, t.last_used_at,
                t.revoked_at, p.disabled_at,
                array(select m.role || ' ' || m.petition from membership m
                    where m.person = t.person and m.organisation = t.organisation) as memberships
            from api_token t join person p on p.id = t.person where t.id = ?""";

    private static final int SECRET_BYTES = 32;
    private static final Duration USE_INTERVAL = Duration.ofMinutes(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient database;
    private final AccountKeys keys;
    private final Clock clock;

    ApiTokens(JdbcClient database, AccountKeys keys, Clock clock) {
        this.database = database;
        this.keys = keys;
        this.clock = clock;
    }

    /** Why a token with the right secret is not accepted, or {@link #VALID}. */
    public enum TokenState {
        VALID(""),
        EXPIRED("This API token has expired. Create a new one."),
        REVOKED("This API token was revoked. Create a new one."),
        DISABLED("The owner of this API token is disabled.");

        private final String message;

        TokenState(String message) {
            this.message = message;
        }

        /** Returns a sentence for the caller. */
        public String message() {
            return message;
        }
    }

    /**
     * A token whose secret is right.
     *
     * @param scope the names of its roles
     * @param grants what it may see and do now
     */
    public record CheckedToken(UUID id, UUID person, TokenState state, Set<String> scope, Grants grants) {}

    /** A token as its owner sees it. */
    public record TokenView(
            UUID id,
            UUID person,
            String name,
            List<String> roles,
            @Nullable String petition,
            Instant createdAt,
            Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable Instant revokedAt) {}

    /**
     * A new token.
     *
     * @param token what the caller sends as bearer token. Nobody can read it again.
     */
    public record NewToken(UUID id, String token, Instant expiresAt) {

        /** Hides the secret. */
        @Override
        public String toString() {
            return "NewToken[" + id + "]";
        }
    }

    /**
     * Creates a token.
     *
     * @throws org.countersign.signature.domain.InvalidFieldsException if a field is invalid, or the owner lacks a role
     */
    public NewToken create(UUID organisation, UUID person, Grants owner, TokenForm form) {
        Instant now = clock.instant();
        TokenForm.ValidToken valid = form.validate(organisation, owner, now);
        byte[] random = new byte[SECRET_BYTES];
        RANDOM.nextBytes(random);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        UUID id = UUID.randomUUID();
        database.sql("""
                        insert into api_token (id, organisation, person, name, secret_hash, scope, petition, created_at,
                            expires_at)
                        values (?, ?, ?, ?, ?, cast(? as text[]), ?, ?, ?)""")
                .params(
                        id,
                        organisation,
                        person,
                        valid.name(),
                        keys.ofSecret(id, secret),
                        SqlArrays.literal(valid.roles().stream().map(Role::text).toList()),
                        valid.petition(),
                        now.atOffset(ZoneOffset.UTC),
                        valid.expiresAt().atOffset(ZoneOffset.UTC))
                .update();
        return new NewToken(id, PREFIX + id + "_" + secret, valid.expiresAt());
    }

    /**
     * Checks a token.
     *
     * @return nothing if there is no such token, or its secret is another one
     */
    public Optional<CheckedToken> check(UUID id, String secret) {
        // Equal work for tokens that do not exist.
        byte[] hash = keys.ofSecret(id, secret);
        Optional<StoredToken> stored =
                database.sql(TOKEN).param(id).query(ApiTokens::stored).optional();
        if (!MessageDigest.isEqual(hash, stored.map(StoredToken::hash).orElse(new byte[hash.length]))) {
            return Optional.empty();
        }
        return stored.map(token -> checked(id, token));
    }

    private CheckedToken checked(UUID id, StoredToken token) {
        Instant now = clock.instant();
        TokenState state = token.state(now);
        if (state == TokenState.VALID && token.usedAt().isBefore(now.minus(USE_INTERVAL))) {
            database.sql("update api_token set last_used_at = ? where id = ? and (last_used_at is null"
                            + " or last_used_at < ?)")
                    .params(
                            now.atOffset(ZoneOffset.UTC),
                            id,
                            now.minus(USE_INTERVAL).atOffset(ZoneOffset.UTC))
                    .update();
        }
        return new CheckedToken(id, token.person(), state, token.scope(), token.grants());
    }

    private record StoredToken(
            UUID person,
            UUID organisation,
            byte[] hash,
            Set<String> scope,
            String petition,
            Instant expiresAt,
            Instant usedAt,
            boolean revoked,
            boolean disabled,
            List<Membership> memberships) {

        private TokenState state(Instant now) {
            if (revoked) {
                return TokenState.REVOKED;
            }
            if (disabled) {
                return TokenState.DISABLED;
            }
            return now.isBefore(expiresAt) ? TokenState.VALID : TokenState.EXPIRED;
        }

        /** Returns what owner and token have in common. */
        private Grants grants() {
            return new Grants(
                    false,
                    false,
                    memberships.stream()
                            .filter(one ->
                                    scope.contains(one.role().text()) && (petition.isEmpty() || one.isFor(petition)))
                            .map(one ->
                                    petition.isEmpty() ? one : new Membership(one.organisation(), one.role(), petition))
                            .toList());
        }
    }

    private static StoredToken stored(ResultSet row, int number) throws SQLException {
        UUID organisation = row.getObject("organisation", UUID.class);
        return new StoredToken(
                row.getObject("person", UUID.class),
                organisation,
                row.getBytes("secret_hash"),
                texts(row, "scope").collect(Collectors.toSet()),
                row.getString("petition"),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                instant(row, "last_used_at").orElse(Instant.EPOCH),
                row.getObject("revoked_at") != null,
                row.getObject("disabled_at") != null,
                texts(row, "memberships")
                        .flatMap(text -> membership(organisation, text).stream())
                        .toList());
    }

    private static Optional<Membership> membership(UUID organisation, String text) {
        int space = text.indexOf(' ');
        return Role.of(text.substring(0, space))
                .map(role -> new Membership(organisation, role, text.substring(space + 1)));
    }

    private static Stream<String> texts(ResultSet row, String column) throws SQLException {
        return Arrays.stream((Object[]) row.getArray(column).getArray()).map(Object::toString);
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    /** Returns the tokens of an organisation, the newest first. */
    public List<TokenView> of(UUID organisation) {
        return database.sql("""
                        select id, person, name, scope, petition, created_at, expires_at, last_used_at, revoked_at
                        from api_token where organisation = ? order by created_at desc, id""")
                .param(organisation)
                .query((row, number) -> new TokenView(
                        row.getObject("id", UUID.class),
                        row.getObject("person", UUID.class),
                        row.getString("name"),
                        texts(row, "scope").sorted().toList(),
                        row.getString("petition").isEmpty() ? null : row.getString("petition"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                        instant(row, "last_used_at").orElse(null),
                        instant(row, "revoked_at").orElse(null)))
                .list();
    }

    /**
     * Revokes a token. Repeating the call changes nothing.
     *
     * @throws Rejection if there is no such token in the organisation
     */
    public void revoke(UUID organisation, UUID id) {
        int revoked = database.sql("""
                        update api_token set revoked_at = coalesce(revoked_at, ?)
                        where id = ? and organisation = ?""")
                .params(clock.instant().atOffset(ZoneOffset.UTC), id, organisation)
                .update();
        if (revoked == 0) {
            throw new Rejection(Rejection.Reason.NO_API_TOKEN);
        }
    }
}
