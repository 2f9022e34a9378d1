package org.countersign.signature.web.people;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.countersign.signature.people.PersonSessions;
import org.countersign.signature.people.PersonSessions.SignedIn;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Finds the session of a request for a page of people. Without one, only the pages that lead to a session are served:
 * default deny.
 */
final class SignedInFilter extends OncePerRequestFilter {

    private static final Logger LOG = LoggerFactory.getLogger(SignedInFilter.class);
    private static final String ATTRIBUTE = SignedInFilter.class.getName();
    private static final Set<String> OPEN = Set.of("/sign-in", "/sign-in/code", "/invitation", "/first-operator");

    private final PersonSessions sessions;

    SignedInFilter(PersonSessions sessions) {
        this.sessions = sessions;
    }

    /** Returns the session of a request that this filter has seen, or null. */
    static @Nullable SignedIn session(HttpServletRequest request) {
        return (SignedIn) request.getAttribute(ATTRIBUTE);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // These pages hold personal data or secrets.
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Optional<SignedIn> session;
        try {
            session = sessions.find(SessionCookie.read(request));
        } catch (DataAccessException e) {
            LOG.warn("Cannot read the session of a request: {}", e.getMessage());
            response.setHeader(HttpHeaders.RETRY_AFTER, "5");
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        if (session.isPresent()) {
            request.setAttribute(ATTRIBUTE, session.get());
            SecurityContext context = SecurityContextHolder.createEmptyContext();
            context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                    session.get().person().actor(), null, AuthorityUtils.createAuthorityList("ROLE_PERSON")));
            SecurityContextHolder.setContext(context);
        } else if (!OPEN.contains(request.getRequestURI())) {
            response.setStatus(HttpStatus.SEE_OTHER.value());
            response.setHeader(HttpHeaders.LOCATION, NextPage.signIn(next(request)));
            return;
        }
        chain.doFilter(request, response);
    }

    private static String next(HttpServletRequest request) {
        return request.getMethod().equals("GET") ? request.getRequestURI() : NextPage.DEFAULT;
    }
}
