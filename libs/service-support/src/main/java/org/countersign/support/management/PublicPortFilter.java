package org.countersign.support.management;

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

/** Answers 404 on the public port to requests for paths of the management port. */
@Order(Ordered.HIGHEST_PRECEDENCE + 7)
class PublicPortFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (ManagementPaths.contains(request.getRequestURI())) {
            ProblemJson.write(response, HttpStatus.NOT_FOUND, "There is nothing at this address.");
            return;
        }
        chain.doFilter(request, response);
    }
}
