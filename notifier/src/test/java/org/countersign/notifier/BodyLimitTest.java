package org.countersign.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies over 16 KiB, of every type and with every method. */
class BodyLimitTest extends RunningNotifier {

    @ParameterizedTest
    @CsvSource({
        "POST, application/json",
        "POST, multipart/form-data; boundary=b",
        "POST, text/plain",
        "PUT, application/json",
        "DELETE, application/json",
        "GET, application/json"
    })
    void a_large_body_is_refused_with_and_without_its_length(String method, String type)
            throws IOException, InterruptedException {
        byte[] body = new byte[900 * 1024];
        for (BodyPublisher publisher : List.of(
                BodyPublishers.ofByteArray(body), BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/webhooks"))
                    .header("Content-Type", type)
                    .method(method, publisher)
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(413);
        }
    }
}
