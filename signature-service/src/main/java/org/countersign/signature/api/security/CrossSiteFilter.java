package org.countersign.signature.api.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.countersign.support.problem.ProblemJson;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Rejects requests that another site made a browser send, with credentials that the browser has stored.
 *
 * <p>Browsers name the origin of a request in {@code Sec-Fetch-Site} (W3C Fetch Metadata). Other programs do not send
 * this header.
 */
class CrossSiteFilter extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if ("cross-site".equals(request.getHeader("Sec-Fetch-Site"))
                && !request.getMethod().equals("GET")) {
            ProblemJson.write(
                    response,
                    HttpStatus.FORBIDDEN,
                    "Another site made your browser send this request. Open this site and try again there.");
            return;
        }
        chain.doFilter(request, response);
    }
}
