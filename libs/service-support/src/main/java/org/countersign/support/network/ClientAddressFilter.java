package org.countersign.support.network;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Lets {@code getRemoteAddr} return the client's address behind {@link TrustedProxies}, and {@code isSecure} whether
 * the client used TLS. Headers of other clients are ignored.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class ClientAddressFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient TrustedProxies proxies;

    ClientAddressFilter(TrustedProxies proxies) {
        this.proxies = proxies;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<InetAddress> peer =
                proxies.isEmpty() ? Optional.empty() : AddressLiteral.parse(request.getRemoteAddr());
        if (peer.isPresent() && proxies.contains(peer.get())) {
            InetAddress client = proxies.client(peer.get(), values(request, "X-Forwarded-For"));
            List<String> schemes = values(request, "X-Forwarded-Proto");
            boolean secure = request.isSecure()
                    || !schemes.isEmpty() && schemes.get(schemes.size() - 1).equalsIgnoreCase("https");
            chain.doFilter(new ProxiedRequest(request, client.getHostAddress(), secure), response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static List<String> values(HttpServletRequest request, String name) {
        return Collections.list(request.getHeaders(name));
    }

    private static final class ProxiedRequest extends HttpServletRequestWrapper {

        private static final int HTTP_PORT = 80;
        private static final int HTTPS_PORT = 443;

        private final String client;
        private final boolean secure;

        private ProxiedRequest(HttpServletRequest request, String client, boolean secure) {
            super(request);
            this.client = client;
            this.secure = secure;
        }

        @Override
        public String getRemoteAddr() {
            return client;
        }

        @Override
        public String getRemoteHost() {
            return client;
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public String getScheme() {
            return secure ? "https" : super.getScheme();
        }

        @Override
        public int getServerPort() {
            return secure && super.getServerPort() == HTTP_PORT ? HTTPS_PORT : super.getServerPort();
        }

        @Override
        public StringBuffer getRequestURL() {
            int port = getServerPort();
            StringBuffer url = new StringBuffer(getScheme()).append("://").append(getServerName());
            if (port != (secure ? HTTPS_PORT : HTTP_PORT)) {
                url.append(':').append(port);
            }
            return url.append(getRequestURI());
        }
    }
}
