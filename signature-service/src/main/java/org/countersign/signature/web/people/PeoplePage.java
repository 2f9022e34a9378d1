package org.countersign.signature.web.people;

import jakarta.servlet.http.HttpServletRequest;
import org.countersign.signature.people.PersonSessions.SignedIn;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** What the pages for people share: {@code PageExceptionHandler} answers their exceptions. */
public abstract class PeoplePage {

    PeoplePage() {}

    /** Returns the session of a request. {@link SignedInFilter} has found it. */
    static SignedIn signedIn(HttpServletRequest request) {
        SignedIn session = SignedInFilter.session(request);
        if (session == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return session;
    }
}
