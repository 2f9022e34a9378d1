package org.countersign.support.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class OriginCheckTest {

    private final OriginCheck check = new OriginCheck("https://petitions.example/");

    private static MockHttpServletRequest request(String method, String... headers) {
        MockHttpServletRequest request = new MockHttpServletRequest(method, "/api/petitions");
        request.addHeader("Host", "10.0.0.5:8080");
        for (int i = 0; i < headers.length; i += 2) {
            request.addHeader(headers[i], headers[i + 1]);
        }
        return request;
    }

    @ParameterizedTest
    @CsvSource({
        "same-origin, false",
        "none, false",
        "same-site, true",
        "cross-site, true",
        "'', true",
        "Same-Origin, true",
        "nonsense, true"
    })
    void only_the_own_origin_and_the_reader_pass(String site, boolean foreign) {
        assertThat(check.isForeign(request("POST", "Sec-Fetch-Site", site))).isEqualTo(foreign);
        assertThat(check.isForeign(request("POST", "Sec-Fetch-Site", site, "Origin", "https://petitions.example")))
                .isEqualTo(foreign);
    }

    @ParameterizedTest
    @CsvSource({
        "https://petitions.example, false",
        "HTTPS://Petitions.example, false",
        "http://10.0.0.5:8080, false",
        "https://10.0.0.5:8080, false",
        "http://petitions.example, true",
        "https://petitions.example:8443, true",
        "https://petitions.example.evil.example, true",
        "http://10.0.0.5, true",
        "http://10.0.0.5:8081, true",
        "null, true",
        "'', true"
    })
    void without_fetch_metadata_the_origin_is_compared(String origin, boolean foreign) {
        assertThat(check.isForeign(request("POST", "Origin", origin))).isEqualTo(foreign);
    }

    @Test
    void a_program_without_both_headers_passes() {
        assertThat(check.isForeign(request("POST"))).isFalse();
    }

    @Test
    void a_link_of_another_site_may_open_a_page_but_load_nothing_that_needs_credentials() {
        assertThat(check.mustReject(request(
                        "GET",
                        "Sec-Fetch-Site",
                        "cross-site",
                        "Sec-Fetch-Mode",
                        "navigate",
                        "Sec-Fetch-Dest",
                        "document")))
                .isFalse();
        assertThat(check.mustReject(request(
                        "GET",
                        "Sec-Fetch-Site",
                        "cross-site",
                        "Sec-Fetch-Mode",
                        "navigate",
                        "Sec-Fetch-Dest",
                        "iframe")))
                .isTrue();
        assertThat(check.mustReject(request(
                        "GET", "Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "script")))
                .isTrue();
        assertThat(check.mustReject(request(
                        "POST",
                        "Sec-Fetch-Site",
                        "cross-site",
                        "Sec-Fetch-Mode",
                        "navigate",
                        "Sec-Fetch-Dest",
                        "document")))
                .isTrue();
    }
}
