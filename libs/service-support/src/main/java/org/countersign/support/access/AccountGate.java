package org.countersign.support.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.countersign.support.access.AccessRules.AccessRule;
import org.countersign.support.access.AccountAccess.AccountDecision;
import org.countersign.support.problem.ProblemJson;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/** Lets callers with an account make the calls for which they have the permission. */
public final class AccountGate {

    /** The gate of a service that has no accounts. */
    static final AccountGate NONE = new AccountGate(List.of(), Optional.empty());

    private final List<CallerSource> sources;
    private final Optional<AccountAccess> access;

    private AccountGate(List<CallerSource> sources, Optional<AccountAccess> access) {
        this.sources = sources;
        this.access = access;
    }

    /**
     * Creates the gate of a service with accounts.
     *
     * @param sources the ways to authenticate, in the order in which they are tried
     * @param access decides about calls
     */
    public static AccountGate of(Stream<CallerSource> sources, AccountAccess access) {
        return new AccountGate(sources.toList(), Optional.of(access));
    }

    /**
     * Returns the account that makes a request, or nothing.
     *
     * @throws RefusedCredentialsException if the request has credentials of an account that are not valid
     */
    Optional<Caller> caller(HttpServletRequest request) {
        return sources.stream().flatMap(source -> source.find(request).stream()).findFirst();
    }

    /** Answers a request with credentials that are not valid. */
    static void answer(RefusedCredentialsException refused, HttpServletResponse response) throws IOException {
        String detail = String.valueOf(refused.getMessage());
        if (refused.retryAfter().isZero()) {
            response.setHeader("WWW-Authenticate", "Bearer realm=\"Countersign\", error=\"invalid_token\"");
            ProblemJson.write(response, HttpStatus.UNAUTHORIZED, detail);
            return;
        }
        response.setHeader("Retry-After", Long.toString(refused.retryAfter().toSeconds()));
        ProblemJson.write(
                response,
                HttpStatus.TOO_MANY_REQUESTS,
                detail + " Wait for the seconds in Retry-After, then try again.");
    }

    /**
     * Decides about a call.
     *
     * @param log receives an entry if the call is refused, or if the rule logs it
     * @return whether the request goes on. Otherwise this method has written the response.
     */
    boolean admits(
            Caller caller, AccessRule rule, HttpServletRequest request, HttpServletResponse response, AccessLog log)
            throws IOException {
        if (request.getMethod().equals("OPTIONS")) {
            // The answer has the methods of the address, whatever it is about.
            authenticate(new AccountAuthentication(caller, rule, ""));
            return true;
        }
        AccountDecision decision =
                access.orElseThrow().decide(caller, rule.permission(), AccessFilter.variables(rule, request), request);
        if (decision instanceof AccountDecision.Allowed allowed) {
            if (!rule.action().isEmpty()) {
                String object = AccessFilter.object(rule, request);
                log.record(caller.id(), rule.action(), object, null, request.getRemoteAddr());
            }
            authenticate(new AccountAuthentication(caller, rule, allowed.grants()));
            return true;
        }
        String call = request.getMethod() + " " + rule.pattern().getPatternString();
        log.record(caller.id(), "refused", call, null, request.getRemoteAddr());
        if (decision instanceof AccountDecision.Unknown unknown) {
            request.setAttribute(UnknownSubjectInterceptor.ANSWER, unknown.answer());
            authenticate(new AccountAuthentication(caller, rule, ""));
            return true;
        }
        String role = decision instanceof AccountDecision.MissingRole missing ? missing.role() : "";
        ProblemJson.write(response, HttpStatus.FORBIDDEN, "This call needs the role " + role + ".");
        return false;
    }

    private static void authenticate(AccountAuthentication authentication) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(authentication);
        SecurityContextHolder.setContext(context);
    }
}
