package org.countersign.support.credentials;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/** Asks for HTTP Basic credentials with problem details (RFC 9457) that say whose. */
public final class BasicChallenge implements AuthenticationEntryPoint {

    private final String detail;

    /** @param detail for people; as it stands in JSON, so without quotes */
    public BasicChallenge(String detail) {
        this.detail = detail;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        response.setHeader("WWW-Authenticate", "Basic realm=\"Countersign\"");
        response.setContentType("application/problem+json");
        response.getOutputStream()
                .write("{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,\"detail\":\"%s\"}"
                        .formatted(detail)
                        .getBytes(StandardCharsets.UTF_8));
    }
}
