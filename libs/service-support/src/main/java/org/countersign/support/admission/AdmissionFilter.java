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

/** Answers 503 to requests that waited longer than the timeout, and closes keep-alive connections when few are free. */
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
class AdmissionFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final byte[] OVERLOADED = ProblemJson.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "The service is overloaded. Nothing was done; please try again in a few seconds.");

    private final transient TomcatAdmission server;

    AdmissionFilter(TomcatAdmission server) {
        this.server = server;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (server.isNearLimit()) {
            response.setHeader("Connection", "close");
        }
        if (Admission.isLate()) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            response.setHeader("Retry-After", "2");
            response.setContentType(ProblemJson.CONTENT_TYPE);
            response.getOutputStream().write(OVERLOADED);
            return;
        }
        chain.doFilter(request, response);
    }
}
