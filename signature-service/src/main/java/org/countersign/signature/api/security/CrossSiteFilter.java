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
 * Refuses what another site has a browser send with credentials the browser remembers. Browsers say where a request
 * comes from in {@code Sec-Fetch-Site} (W3C Fetch Metadata); programs send no such header.
 */
class CrossSiteFilter extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if ("cross-site".equals(request.getHeader("Sec-Fetch-Site"))
                && !request.getMethod().equals("GET")) {
            ProblemJson.write(response, HttpStatus.FORBIDDEN, "Another site may not make a browser call this.");
            return;
        }
        chain.doFilter(request, response);
    }
}
