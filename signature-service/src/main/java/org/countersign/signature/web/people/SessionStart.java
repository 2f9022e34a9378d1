package org.countersign.signature.web.people;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.countersign.signature.people.PersonSessions;
import org.countersign.signature.people.PersonSessions.SignedIn;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Starts a session in a browser. Its id is always new, and an earlier session of the browser ends. */
@Component
class SessionStart {

    private final PersonSessions sessions;

    SessionStart(PersonSessions sessions) {
        this.sessions = sessions;
    }

    void start(UUID person, HttpServletRequest request, HttpServletResponse response) {
        SignedIn earlier = SignedInFilter.session(request);
        if (earlier != null) {
            sessions.end(earlier.person().id(), earlier.id());
        }
        String device = DeviceName.of(request.getHeader(HttpHeaders.USER_AGENT));
        SessionCookie.write(request, response, sessions.start(person, device));
    }
}
