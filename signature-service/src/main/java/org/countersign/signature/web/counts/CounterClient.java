package org.countersign.signature.web.counts;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the API of the counter. Pages leave out what the counter does not answer in time. */
@Component
public class CounterClient {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(600);

    private final String counter;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    CounterClient(@Value("${countersign.counter.internal-url}") String counter) {
        this.counter = counter;
    }

    /**
     * Sends a GET request.
     *
     * @param path the path with its query
     * @param timeout how long to wait for the response
     * @return the body; fails if the status is not 200 or the timeout has passed
     */
    public CompletableFuture<JsonNode> get(String path, Duration timeout) {
        return send(request(path, timeout));
    }

    /**
     * Sends a GET request on behalf of an organiser. This service has no credentials of the counter and forwards those
     * that the organiser sent.
     *
     * @param path the path with its query
     * @param timeout how long to wait for the response
     * @param authorization the Authorization header of the organiser's request
     * @return the body; fails if the status is not 200 or the timeout has passed
     */
    public CompletableFuture<JsonNode> get(String path, Duration timeout, String authorization) {
        return send(request(path, timeout).header("Authorization", authorization));
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(counter + path)).timeout(timeout);
    }

    private CompletableFuture<JsonNode> send(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(response -> {
                    if (response.statusCode() != 200) {
                        throw new IllegalStateException("The counter answered " + response.statusCode());
                    }
                    return JSON.readTree(response.body());
                });
    }
}
