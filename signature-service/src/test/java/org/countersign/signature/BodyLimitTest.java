package org.countersign.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies over 16 KiB, of every type and with every method. */
class BodyLimitTest extends RunningService {

    private static final int LARGE = 900 * 1024;

    private static byte[] body(String type) {
        String filler = "x".repeat(LARGE);
        String text;
        if (type.startsWith("multipart")) {
            text = "--b\r\nContent-Disposition: form-data; name=\"name\"; filename=\"a\"\r\n\r\n" + filler
                    + "\r\n--b--\r\n";
        } else if (type.endsWith("urlencoded")) {
            text = "name=" + filler;
        } else {
            text = "{\"name\":\"" + filler + "\"}";
        }
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/petitions/any/signatures, application/json",
        "POST, /api/petitions/any/signatures, multipart/form-data; boundary=b",
        "POST, /api/petitions/any/signatures, application/x-www-form-urlencoded",
        "POST, /petitions/any, multipart/form-data; boundary=b",
        "POST, /petitions/any, application/x-www-form-urlencoded",
        "POST, /unsubscribe, application/x-www-form-urlencoded",
        "POST, /unsubscribe, multipart/form-data; boundary=b",
        "POST, /unsubscribe, multipart/mixed; boundary=b",
        "PUT, /api/petitions/any, application/json",
        "PATCH, /api/petitions/any, application/x-www-form-urlencoded",
        "DELETE, /api/petitions/any, application/json",
        "GET, /api/petitions, application/json",
        "GET, /, multipart/form-data; boundary=b",
        "OPTIONS, /, text/plain"
    })
    void a_large_body_is_refused_with_and_without_its_length(String method, String path, String type) {
        byte[] body = body(type);
        for (BodyPublisher publisher : List.of(
                BodyPublishers.ofByteArray(body), BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
            assertThat(send(HttpRequest.newBuilder(uri(path))
                                    .header("Content-Type", type)
                                    .method(method, publisher))
                            .status())
                    .isIn(413, 415);
        }
    }

    @ParameterizedTest
    @CsvSource({"application/json, 202", "multipart/form-data; boundary=b, 415", "text/plain, 415"})
    void a_small_body_without_its_length_is_judged_as_any_other(String type, int status) {
        String form = form("Sona Signer", "sona@example.org");
        assertThat(send(HttpRequest.newBuilder(uri("/api/petitions/" + publishedPetition() + "/signatures"))
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofInputStream(
                                        () -> new ByteArrayInputStream(form.getBytes(StandardCharsets.UTF_8)))))
                        .status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"gzip", "deflate", "br"})
    void a_compressed_body_is_never_unpacked(String encoding) {
        String form = form("Sona Signer", "sona@example.org");
        assertThat(send(HttpRequest.newBuilder(uri("/api/petitions/" + publishedPetition() + "/signatures"))
                                .header("Content-Type", "application/json")
                                .header("Content-Encoding", encoding)
                                .POST(BodyPublishers.ofString(form)))
                        .status())
                .isEqualTo(415);
    }
}
