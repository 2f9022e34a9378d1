package org.countersign.signature.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Tells who has waited for too long to come back later, and has those who are served leave their connection to others when there are few left. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
class CrowdFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient CrowdedServer server;

    CrowdFilter(CrowdedServer server) {
        this.server = server;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws IOException, ServletException {
        if (server.isCrowded()) {
            response.setHeader("Connection", "close");
        }
        // Who looks after the service learns how it is.
        if (Admission.isLate() && !request.getRequestURI().startsWith("/actuator/")) {
            response.setHeader("Retry-After", "2");
            SecurityConfiguration.problem(response, HttpStatus.SERVICE_UNAVAILABLE, "Too many come at once. Nothing was done; please try again in a few seconds.");
            return;
        }
        chain.doFilter(request, response);
    }
}
