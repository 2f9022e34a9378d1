package org.countersign.support.access;

import java.util.List;
import java.util.Optional;
import org.countersign.support.access.AccessRules.AccessRule;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** The authentication of an account for one rule. It has no authority beyond that rule. */
public final class AccountAuthentication extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;

    private final transient Caller caller;
    private final transient AccessRule rule;
    private final transient Object grants;

    AccountAuthentication(Caller caller, AccessRule rule, Object grants) {
        super(List.of());
        this.caller = caller;
        this.rule = rule;
        this.grants = grants;
        setAuthenticated(true);
    }

    /** Returns the account that made the present request, or nothing for other callers. */
    public static Optional<AccountAuthentication> current() {
        Authentication present = SecurityContextHolder.getContext().getAuthentication();
        return present instanceof AccountAuthentication account ? Optional.of(account) : Optional.empty();
    }

    /** Returns the caller. */
    public Caller caller() {
        return caller;
    }

    /** Returns what the caller may see, as {@link AccountAccess} returned it. */
    public Object grants() {
        return grants;
    }

    /** Returns whether this is the authentication for a rule. */
    boolean isFor(AccessRule other) {
        return rule.equals(other);
    }

    @Override
    public String getName() {
        return caller.id();
    }

    @Override
    public Object getPrincipal() {
        return caller.id();
    }

    @Override
    public Object getCredentials() {
        return "";
    }
}
