package org.countersign.support.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class TrustedProxiesTest {

    private final TrustedProxies proxies =
            new TrustedProxies(NetworkList.parse("any", List.of("10.0.0.0/8", "2001:db8:1::/48")));

    private String client(String peer, String... forwardedFor) {
        return proxies.client(AddressLiteral.parse(peer).orElseThrow(), List.of(forwardedFor))
                .getHostAddress();
    }

    @Test
    void without_a_trusted_proxy_the_header_means_nothing() {
        assertThat(client("192.168.1.7", "198.51.100.1")).isEqualTo("192.168.1.7");
        assertThat(client("203.0.113.9", "198.51.100.1")).isEqualTo("203.0.113.9");
    }

    @Test
    void a_trusted_proxy_names_its_client() {
        assertThat(client("10.0.0.1", "198.51.100.1")).isEqualTo("198.51.100.1");
        assertThat(client("2001:db8:1::1", "[2001:db8:9::1]:4711")).isEqualTo("2001:db8:9:0:0:0:0:1");
    }

    @Test
    void what_the_client_itself_wrote_into_the_header_is_ignored() {
        assertThat(client("10.0.0.1", "192.0.2.1, 192.0.2.2, 198.51.100.1")).isEqualTo("198.51.100.1");
        assertThat(client("10.0.0.1", "192.0.2.1", "198.51.100.1")).isEqualTo("198.51.100.1");
        assertThat(client("10.0.0.1", "10.0.0.9, 198.51.100.1, 10.0.0.2")).isEqualTo("198.51.100.1");
    }

    @Test
    void an_entry_that_is_no_address_ends_the_list() {
        assertThat(client("10.0.0.1", "192.0.2.1, unknown")).isEqualTo("10.0.0.1");
        assertThat(client("10.0.0.1", "192.0.2.1,")).isEqualTo("10.0.0.1");
        assertThat(client("10.0.0.1", "")).isEqualTo("10.0.0.1");
        assertThat(client("10.0.0.1")).isEqualTo("10.0.0.1");
    }

    @Test
    void the_request_has_the_address_and_scheme_of_the_client_behind_a_trusted_proxy() throws Exception {
        MockFilterChain chain = new MockFilterChain();
        new ClientAddressFilter(proxies).doFilter(request("10.0.0.1"), new MockHttpServletResponse(), chain);
        assertThat(chain.getRequest().getRemoteAddr()).isEqualTo("198.51.100.1");
        assertThat(chain.getRequest().isSecure()).isTrue();
        assertThat(chain.getRequest().getScheme()).isEqualTo("https");
    }

    @Test
    void the_request_of_any_other_client_stays_as_it_is() throws Exception {
        MockFilterChain chain = new MockFilterChain();
        new ClientAddressFilter(proxies).doFilter(request("192.168.0.1"), new MockHttpServletResponse(), chain);
        assertThat(chain.getRequest().getRemoteAddr()).isEqualTo("192.168.0.1");
        assertThat(chain.getRequest().isSecure()).isFalse();
    }

    private static MockHttpServletRequest request(String peer) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
        request.setRemoteAddr(peer);
        request.addHeader("X-Forwarded-For", "192.0.2.1, 198.51.100.1");
        request.addHeader("X-Forwarded-Proto", "https");
        return request;
    }
}
