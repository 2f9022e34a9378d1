package org.countersign.support.admission;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.countersign.support.problem.ProblemJson;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;

/**
 * Tells who has waited for too long to come back later, and has those who are served leave their connection to others
 * when there are few left.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
class AdmissionFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final byte[] OVERLOADED = ProblemJson.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "Too many come at once. Nothing was done; please try again in a few seconds.");

    private final transient TomcatAdmission server;

    AdmissionFilter(TomcatAdmission server) {
        this.server = server;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (server.isCrowded()) {
            response.setHeader("Connection", "close");
        }
        // Who looks after the service learns how it is.
        if (Admission.isLate() && !request.getRequestURI().startsWith("/actuator/")) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            response.setHeader("Retry-After", "2");
            response.setContentType(ProblemJson.CONTENT_TYPE);
            response.getOutputStream().write(OVERLOADED);
            return;
        }
        chain.doFilter(request, response);
    }
}
