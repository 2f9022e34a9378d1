package org.countersign.signature.web.people;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.countersign.signature.people.PersonSessions;
import org.countersign.support.access.Caller;
import org.countersign.support.access.CallerSource;
import org.springframework.stereotype.Component;

/** Finds the person of a session, for pages and calls that need a role. A request without the cookie costs nothing. */
@Component
class SessionCallerSource implements CallerSource {

    private final PersonSessions sessions;

    SessionCallerSource(PersonSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Optional<Caller> find(HttpServletRequest request) {
        return sessions.find(SessionCookie.read(request))
                .map(session ->
                        new Caller(session.person().actor(), session.person().id(), Optional.empty()));
    }
}
