package org.countersign.signature.api.security;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.countersign.signature.accounts.Grants;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.support.access.AccountAuthentication;
import org.countersign.support.access.Role;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** The caller of the present request. */
public final class RequestCaller {

    private RequestCaller() {}

    /** Returns what the caller may see and do. A request without credentials has no grants. */
    public static Grants grants() {
        Optional<AccountAuthentication> account = AccountAuthentication.current();
        if (account.isPresent()) {
            return account.get().grants() instanceof Grants grants ? grants : Grants.NONE;
        }
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        boolean builtIn = caller != null
                && caller.getAuthorities().stream()
                        .anyMatch(authority -> Set.of("ROLE_ORGANISER", "ROLE_AUDITOR")
                                .contains(String.valueOf(authority.getAuthority())));
        return builtIn ? Grants.EVERYTHING : Grants.NONE;
    }

    /** Returns whether the caller has an account, and is no built-in user. */
    public static boolean isAccount() {
        return AccountAuthentication.current().isPresent();
    }

    /** Returns the person who makes the request, or nothing for built-in users. */
    public static Optional<UUID> person() {
        return AccountAuthentication.current().map(account -> account.caller().person());
    }

    /** Returns whether a program makes the request with an API token. */
    public static boolean isToken() {
        return AccountAuthentication.current()
                .filter(account -> account.caller().scope().isPresent())
                .isPresent();
    }

    /**
     * Returns the petitions for which the caller has a role. Other threads may use the result.
     *
     * @param roles the roles of which one suffices
     */
    public static Predicate<Petition> petitionsWith(Role... roles) {
        Grants grants = grants();
        Set<Role> any = Set.of(roles);
        return petition -> grants.has(any, petition);
    }
}
