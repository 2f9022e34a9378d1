package org.countersign.support.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.countersign.support.access.AccessRules.AccessRule;
import org.countersign.support.access.AccessRules.Verdict;
import org.countersign.support.credentials.BasicHeader;
import org.countersign.support.credentials.LoginGuard;
import org.countersign.support.credentials.LoginGuard.LoginResult;
import org.countersign.support.problem.ProblemJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Applies the {@link AccessRules}: answers 404 to unknown paths and 405 to other methods, and authenticates callers
 * only where a rule asks for a role.
 */
class AccessFilter extends OncePerRequestFilter {

    private static final Logger LOG = LoggerFactory.getLogger(AccessFilter.class);

    /** The page to sign in, of the only service with pages. */
    private static final String SIGN_IN = "/sign-in?next=";

    private final AccessRules rules;
    private final LoginGuard logins;
    private final OriginCheck origins;
    private final AccessLog log;
    private final AccountGate accounts;

    AccessFilter(AccessRules rules, LoginGuard logins, OriginCheck origins, AccessLog log, AccountGate accounts) {
        this.accounts = accounts;
        this.rules = rules;
        this.logins = logins;
        this.origins = origins;
        this.log = log;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Verdict verdict = rules.judge(request);
        if (verdict instanceof Verdict.Known known) {
            serve(known.rule(), request, response, chain);
        } else if (verdict instanceof Verdict.OtherMethods other) {
            response.setHeader("Allow", String.join(", ", other.allowed()));
            ProblemJson.write(
                    response,
                    HttpStatus.METHOD_NOT_ALLOWED,
                    "This address answers only " + String.join(", ", other.allowed()) + ".");
        } else if (wantsPage(request)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else {
            ProblemJson.write(response, HttpStatus.NOT_FOUND, "There is nothing at this address.");
        }
    }

    private static boolean wantsPage(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return accept != null && accept.contains("text/html") && !isApi(request);
    }

    private static boolean isApi(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/api/");
    }

    private void serve(AccessRule rule, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // Forms of public pages have a token of their own, and mail programs post to one-click links.
        boolean foreign =
                rule.isPublic() ? isApi(request) && origins.mustRejectPublic(request) : origins.mustReject(request);
        if (foreign) {
            ProblemJson.write(
                    response,
                    HttpStatus.FORBIDDEN,
                    "Another site made your browser send this request. Open this site and try again there.");
        } else if (rule.isPublic() || isAuthenticated(rule, request, response)) {
            chain.doFilter(request, response);
        }
    }

    private boolean isAuthenticated(AccessRule rule, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            Optional<Caller> caller = accounts.caller(request);
            return caller.isPresent()
                    ? accounts.admits(caller.get(), rule, request, response, log)
                    : authenticate(rule, request, response);
        } catch (RefusedCredentialsException e) {
            AccountGate.answer(e, response);
            return false;
        } catch (DataAccessException e) {
            LOG.warn("Cannot check credentials or write the access log: {}", e.getMessage());
            response.setHeader("Retry-After", "5");
            ProblemJson.write(
                    response,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "The database is away, so the call is not allowed now. Please try again in a few seconds.");
            return false;
        }
    }

    /** Returns whether the caller has a role of the rule. Otherwise this method has written the response. */
    private boolean authenticate(AccessRule rule, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        LoginResult result = BasicHeader.of(request)
                .map(header -> logins.check(header.user(), header.password(), request.getRemoteAddr()))
                .orElse(LoginResult.Rejected.INSTANCE);
        if (result instanceof LoginResult.Limited limited) {
            response.setHeader("Retry-After", Long.toString(limited.retryAfter().toSeconds()));
            ProblemJson.write(
                    response,
                    HttpStatus.TOO_MANY_REQUESTS,
                    "Too many attempts with wrong credentials. Wait for the seconds in Retry-After, then try again.");
            return false;
        }
        if (!(result instanceof LoginResult.Accepted) && !logins.hasUsers() && wantsPage(request)) {
            response.setStatus(HttpStatus.SEE_OTHER.value());
            response.setHeader("Location", SIGN_IN + URLEncoder.encode(next(request), StandardCharsets.UTF_8));
            return false;
        }
        if (!(result instanceof LoginResult.Accepted accepted)) {
            response.setHeader("WWW-Authenticate", "Basic realm=\"Countersign\", charset=\"UTF-8\"");
            if (wantsPage(request)) {
                // A browser shows the page when its user gives no password. It links to the page to sign in.
                response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
                return false;
            }
            ProblemJson.write(
                    response, HttpStatus.UNAUTHORIZED, "This call needs the credentials of " + who(rule) + ".");
            return false;
        }
        Authentication caller =
                UsernamePasswordAuthenticationToken.authenticated(accepted.user(), null, accepted.authorities());
        if (!hasRole(rule.permission().users(), caller)) {
            String call = request.getMethod() + " " + rule.pattern().getPatternString();
            log.record(accepted.user(), "refused", call, null, request.getRemoteAddr());
            ProblemJson.write(response, HttpStatus.FORBIDDEN, "These credentials do not allow this call.");
            return false;
        }
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(caller);
        if (!rule.action().isEmpty() && !request.getMethod().equals("OPTIONS")) {
            log.record(accepted.user(), rule.action(), object(rule, request), null, request.getRemoteAddr());
        }
        SecurityContextHolder.setContext(context);
        return true;
    }

    /** A form that was sent without credentials is lost. */
    private static String next(HttpServletRequest request) {
        return request.getMethod().equals("GET") ? request.getRequestURI() : "";
    }

    /** Returns the object of a call in the access log. */
    static String object(AccessRule rule, HttpServletRequest request) {
        return String.join(" ", variables(rule, request).values());
    }

    /** Returns the variables of the path of a request, decoded. */
    static Map<String, String> variables(AccessRule rule, HttpServletRequest request) {
        PathPattern.PathMatchInfo match = rule.pattern()
                .matchAndExtract(ServletRequestPathUtils.parse(request).pathWithinApplication());
        return match == null ? Map.of() : match.getUriVariables();
    }

    private static String who(AccessRule rule) {
        return new TreeSet<>(rule.permission().users())
                .descendingSet().stream()
                        .map(role -> "the " + role.toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" or "));
    }

    static boolean hasRole(Set<String> roles, Authentication caller) {
        return caller.getAuthorities().stream()
                .anyMatch(authority ->
                        roles.stream().anyMatch(role -> ("ROLE_" + role).equals(authority.getAuthority())));
    }
}
