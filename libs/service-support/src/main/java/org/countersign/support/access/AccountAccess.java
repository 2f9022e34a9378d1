package org.countersign.support.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.function.Predicate;
import org.springframework.dao.DataAccessException;

/** Decides about calls of accounts. The service that keeps memberships implements it. */
public interface AccountAccess {

    /** The answer to a call of an account. */
    sealed interface AccountDecision {

        /**
         * The call may be served.
         *
         * @param grants what the caller may see, for handlers of lists
         */
        record Allowed(Object grants) implements AccountDecision {}

        /** The caller sees what the call is about, but lacks the role. */
        record MissingRole(String role) implements AccountDecision {}

        /**
         * For this caller, what the call is about does not exist.
         *
         * @param answer the exception with which handlers answer calls about what does not exist
         */
        record Unknown(RuntimeException answer) implements AccountDecision {}
    }

    /**
     * Decides about a call.
     *
     * @param caller the caller
     * @param permission what the call needs
     * @param variables the variables of the path
     * @param request the request
     * @throws DataAccessException if the memberships cannot be read
     */
    AccountDecision decide(
            Caller caller, Permission permission, Map<String, String> variables, HttpServletRequest request);

    /**
     * Returns which entries of the access log a caller may read, by action and object.
     *
     * @param grants what {@link AccountDecision.Allowed} had
     */
    Predicate<AccessLog.LogEntry> readableEntries(Object grants);
}
