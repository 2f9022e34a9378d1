package org.countersign.counter.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of requests, without the empty line at their end. */
class HeadSyntaxTest {

    private static final String GET = "GET /api/petitions/any/counts HTTP/1.1\r\nHost: localhost";
    private static final String POST = "POST /any HTTP/1.1\r\nHost: localhost";

    private static String[] lines(String head) {
        byte[] bytes = (head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        return HeadSyntax.lines(bytes, bytes.length);
    }

    private static Optional<String> problem(String head) {
        return HeadSyntax.problem(lines(head));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GET,
                GET + "\r\nX-Empty:",
                GET + "\r\nX-Tab:\ta b\t",
                GET + "\r\nX-Latin: \u00e9",
                GET + "\r\nContent-Length: 0",
                POST + "\r\nContent-Length: 5",
                POST + "\r\nTransfer-Encoding: chunked",
                POST + "\r\nTransfer-Encoding: Chunked",
                "OPTIONS * HTTP/1.1\r\nHost: [::1]:8081",
                "GET / HTTP/1.0",
                "GET /a%20b?c=d&e HTTP/1.1\r\nHost: ",
            })
    void a_well_formed_head_passes(String head) {
        assertThat(problem(head)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The length of the body
                GET + "\r\nContent-Length : 5",
                GET + "\r\nContent-Length\t: 5",
                POST + "\r\nContent-Length: 5\r\nContent-Length: 5",
                POST + "\r\nContent-Length: 5\r\ncontent-length: 6",
                POST + "\r\nContent-Length: 5, 5",
                POST + "\r\nContent-Length: +5",
                POST + "\r\nContent-Length: -1",
                POST + "\r\nContent-Length: 0x5",
                POST + "\r\nContent-Length: 5 5",
                POST + "\r\nContent-Length:",
                POST + "\r\nContent-Length: 99999999999999999999",
                POST + "\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
                POST + "\r\nTransfer-Encoding: chunked\r\nContent-Length: 5",
                POST + "\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                POST + "\r\nTransfer-Encoding: chunked, chunked",
                POST + "\r\nTransfer-Encoding: gzip, chunked",
                POST + "\r\nTransfer-Encoding: identity",
                POST + "\r\nTransfer-Encoding: xchunked",
                POST + "\r\nTransfer-Encoding: \u000bchunked",
                POST + "\r\nTransfer-Encoding : chunked",
                POST + "\r\nTransfer-Encoding:\r\n chunked",
                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked",
                // Lines
                GET + "\r\nX-Folded: a\r\n b",
                GET + "\r\n X-Space: a",
                GET + "\r\nX-Bare: a\rContent-Length: 5",
                GET + "\r\nX-Bare: a\nContent-Length: 5",
                GET + "\r\nX-Null: a\u0000b",
                GET + "\r\nX-Delete: a\u007fb",
                GET + "\r\nno colon",
                GET + "\r\n: no name",
                GET + "\r\nX(Name): a",
                GET + "\r\nX\u00e9: a",
                GET + "\r\n\r\nX-After: the empty line",
                // The request line
                "",
                "\r\n" + GET,
                " " + GET,
                "GET  / HTTP/1.1\r\nHost: a",
                "GET /  HTTP/1.1\r\nHost: a",
                "GET / HTTP/1.1 \r\nHost: a",
                "GET\t/ HTTP/1.1\r\nHost: a",
                "GET /\u00e9 HTTP/1.1\r\nHost: a",
                "GET / HTTP/1.2\r\nHost: a",
                "GET / HTTP/2.0\r\nHost: a",
                "GET / http/1.1\r\nHost: a",
                "GET /",
                "get / HTTP/1.1\r\nHost: a",
                "GET http://other.example/ HTTP/1.1\r\nHost: a",
                "CONNECT other.example:443 HTTP/1.1\r\nHost: a",
                "GET api HTTP/1.1\r\nHost: a",
                // Host
                "GET / HTTP/1.1",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b",
                "GET / HTTP/1.1\r\nHost: a b",
                "GET / HTTP/1.1\r\nHost: a/b",
                "GET / HTTP/1.1\r\nHost: a@b"
            })
    void a_head_that_two_programs_could_read_in_two_ways_is_malformed(String head) {
        assertThat(problem(head)).isPresent();
    }

    @Test
    void too_many_fields_are_malformed() {
        assertThat(problem(GET + "\r\nX: y".repeat(99))).isEmpty();
        assertThat(problem(GET + "\r\nX: y".repeat(100))).isPresent();
    }

    @Test
    void the_web_server_learns_the_address_of_the_client_and_nothing_that_the_client_claims() {
        String head = GET + "\r\nX-Forwarded-For: 192.0.2.1\r\nx-forwarded-proto: https\r\nX-Other: a";
        assertThat(new String(HeadSyntax.forward(lines(head), "198.51.100.7", false), StandardCharsets.ISO_8859_1))
                .isEqualTo(GET + "\r\nX-Other: a\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n");
        assertThat(new String(HeadSyntax.forward(lines(head), "198.51.100.7", true), StandardCharsets.ISO_8859_1))
                .isEqualTo(head + "\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n");
    }
}
