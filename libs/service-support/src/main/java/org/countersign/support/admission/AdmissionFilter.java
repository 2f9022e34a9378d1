package org.countersign.support.admission;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
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

    /** Clients that were refused in the same second must not come back in the same second. */
    private static final int MIN_RETRY_SECONDS = 2;

    private static final int MAX_RETRY_SECONDS = 5;

    private final transient TomcatAdmission server;
    private final transient OverloadPage page;

    AdmissionFilter(TomcatAdmission server, OverloadPage page) {
        this.server = server;
        this.page = page;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (server.isNearLimit()) {
            response.setHeader("Connection", "close");
        }
        if (Admission.isLate()) {
            refuse(request, response);
            return;
        }
        chain.doFilter(request, response);
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int retryAfter = ThreadLocalRandom.current().nextInt(MIN_RETRY_SECONDS, MAX_RETRY_SECONDS + 1);
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setHeader("Retry-After", Integer.toString(retryAfter));
        Optional<byte[]> html = page.html(request);
        response.setContentType(html.isPresent() ? "text/html;charset=UTF-8" : ProblemJson.CONTENT_TYPE);
        response.getOutputStream().write(html.orElse(OVERLOADED));
    }
}
