package org.countersign.signature.api.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Authenticates the notifier by a bearer token that both services are configured with.
 *
 * <p>The token is random, so it needs no slow hash.
 */
class NotifierAuthenticationFilter extends OncePerRequestFilter {

    private static final int MIN_PASSWORD_LENGTH = 16;

    private final byte[] expected;

    NotifierAuthenticationFilter(String password) {
        if (password.length() < MIN_PASSWORD_LENGTH) {
            throw new IllegalArgumentException(
                    "COUNTERSIGN_NOTIFIER_PASSWORD is not set or too short. Set it to at least " + MIN_PASSWORD_LENGTH
                            + " random characters, the same for the signature service and the notifier.");
        }
        expected = ("Bearer " + password).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith("/internal/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String given = request.getHeader("Authorization");
        if (given != null && MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
            SecurityContextHolder.getContext()
                    .setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                            "notifier", null, AuthorityUtils.createAuthorityList("ROLE_NOTIFIER")));
        }
        chain.doFilter(request, response);
    }
}
