package org.countersign.support.credentials;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.countersign.support.problem.ProblemJson;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/** Answers 401 with an HTTP Basic challenge and problem details (RFC 9457). */
public final class BasicChallenge implements AuthenticationEntryPoint {

    private final String detail;

    /** @param detail names the user whose credentials the call needs */
    public BasicChallenge(String detail) {
        this.detail = detail;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        response.setHeader("WWW-Authenticate", "Basic realm=\"Countersign\"");
        ProblemJson.write(response, HttpStatus.UNAUTHORIZED, detail);
    }
}
