package org.countersign.support.admission;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Tells who has waited for too long to come back later, and has those who are served leave their connection to others
 * when there are few left.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
class AdmissionFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    /** Problem details (RFC 9457). */
    private static final byte[] COME_BACK =
            ("{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
                            + "\"detail\":\"Too many come at once. Nothing was done; please try again in a few seconds.\"}")
                    .getBytes(StandardCharsets.US_ASCII);

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
            response.setContentType("application/problem+json");
            response.getOutputStream().write(COME_BACK);
            return;
        }
        chain.doFilter(request, response);
    }
}
