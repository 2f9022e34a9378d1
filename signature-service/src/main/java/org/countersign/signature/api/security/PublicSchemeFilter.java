package org.countersign.signature.api.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Marks every request as secure if the public URL begins with https. A proxy ends TLS, so the connection does not tell.
 * Cookies then have the attribute {@code Secure}, and responses the header {@code Strict-Transport-Security}.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class PublicSchemeFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final boolean secure;

    PublicSchemeFilter(@Value("${countersign.public-url}") String publicUrl) {
        secure = publicUrl.startsWith("https:");
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(secure ? new SecureRequest(request) : request, response);
    }

    private static final class SecureRequest extends HttpServletRequestWrapper {

        private SecureRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public boolean isSecure() {
            return true;
        }

        @Override
        public String getScheme() {
            return "https";
        }
    }
}
