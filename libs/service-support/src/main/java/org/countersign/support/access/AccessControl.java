package org.countersign.support.access;

import jakarta.servlet.DispatcherType;
import java.util.function.Supplier;
import org.countersign.support.access.AccessRules.Verdict;
import org.countersign.support.credentials.LoginGuard;
import org.countersign.support.credentials.StatelessSecurity;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.header.HeaderWriterFilter;

/** Adds the {@link AccessRules} to the filter chains of a service. */
public final class AccessControl {

    private final AccessRules rules;
    private final AccessFilter filter;

    /**
     * Creates the access control of a service.
     *
     * @param rules all calls of the public port
     * @param logins checks credentials
     * @param origins recognises requests of other sites
     * @param log receives an entry for each call that a rule logs
     */
    public AccessControl(AccessRules rules, LoginGuard logins, OriginCheck origins, AccessLog log) {
        this(rules, logins, origins, log, AccountGate.NONE);
    }

    /**
     * Creates the access control of a service with accounts.
     *
     * @param rules all calls of the public port
     * @param logins checks credentials
     * @param origins recognises requests of other sites
     * @param log receives an entry for each call that a rule logs
     * @param accounts lets accounts in
     */
    public AccessControl(
            AccessRules rules, LoginGuard logins, OriginCheck origins, AccessLog log, AccountGate accounts) {
        this.rules = rules;
        this.filter = new AccessFilter(rules, logins, origins, log, accounts);
    }

    /**
     * Applies the rules to a filter chain, which has no sessions. The caller adds headers and CSRF protection.
     *
     * @param http the filter chain to configure
     * @return the same chain
     */
    public HttpSecurity applyTo(HttpSecurity http) throws Exception {
        return StatelessSecurity.stateless(http)
                .addFilterAfter(filter, HeaderWriterFilter.class)
                // The filter has decided already. A chain without it would serve public calls only.
                .authorizeHttpRequests(calls -> calls.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                        .permitAll()
                        .anyRequest()
                        .access(this::decide));
    }

    private AuthorizationDecision decide(
            Supplier<? extends @Nullable Authentication> caller, RequestAuthorizationContext context) {
        if (!(rules.judge(context.getRequest()) instanceof Verdict.Known known)) {
            return new AuthorizationDecision(false);
        }
        Authentication authentication = caller.get();
        if (authentication instanceof AccountAuthentication account) {
            return new AuthorizationDecision(account.isFor(known.rule()));
        }
        return new AuthorizationDecision(known.rule().isPublic()
                || authentication != null
                        && AccessFilter.hasRole(known.rule().permission().users(), authentication));
    }
}
