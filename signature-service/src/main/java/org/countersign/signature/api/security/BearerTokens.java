package org.countersign.signature.api.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.UUID;
import org.countersign.signature.accounts.ApiTokens;
import org.countersign.signature.accounts.ApiTokens.CheckedToken;
import org.countersign.signature.accounts.ApiTokens.TokenState;
import org.countersign.signature.accounts.Grants;
import org.countersign.support.access.Caller;
import org.countersign.support.access.CallerSource;
import org.countersign.support.access.RefusedCredentialsException;
import org.countersign.support.credentials.LoginGuard;
import org.countersign.support.credentials.LoginGuard.TooManyFailuresException;
import org.springframework.stereotype.Component;

/** Authenticates programs by API tokens: {@code Authorization: Bearer cs_<id>_<secret>}. No query has a token. */
@Component
class BearerTokens implements CallerSource {

    /** The attribute of a request with the {@link Grants} of its token. */
    static final String GRANTS = BearerTokens.class.getName() + ".grants";

    private static final String SCHEME = "Bearer ";
    private static final int ID_LENGTH = 36;

    private final ApiTokens tokens;
    private final LoginGuard logins;

    BearerTokens(ApiTokens tokens, LoginGuard logins) {
        this.tokens = tokens;
        this.logins = logins;
    }

    @Override
    public Optional<Caller> find(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String token = header.substring(SCHEME.length()).strip();
        if (!token.startsWith(ApiTokens.PREFIX)) {
            return Optional.empty();
        }
        CheckedToken checked = check(token.substring(ApiTokens.PREFIX.length()), request.getRemoteAddr());
        if (checked.state() != TokenState.VALID) {
            throw new RefusedCredentialsException(checked.state().message());
        }
        request.setAttribute(GRANTS, checked.grants());
        return Optional.of(new Caller("token " + checked.id(), checked.person(), Optional.of(checked.scope())));
    }

    private CheckedToken check(String token, String address) {
        String name = "token " + token.substring(0, Math.min(ID_LENGTH, token.length()));
        try {
            return logins.checkSecret(name, address, () -> parsed(token))
                    .orElseThrow(() -> new RefusedCredentialsException("This API token is wrong."));
        } catch (TooManyFailuresException e) {
            throw RefusedCredentialsException.limited(e.retryAfter());
        }
    }

    private Optional<CheckedToken> parsed(String token) {
        if (token.length() < ID_LENGTH + 2 || token.charAt(ID_LENGTH) != '_') {
            return Optional.empty();
        }
        try {
            return tokens.check(UUID.fromString(token.substring(0, ID_LENGTH)), token.substring(ID_LENGTH + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
