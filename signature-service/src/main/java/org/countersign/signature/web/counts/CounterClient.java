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

/** Asks the counter. Pages show what it says in time and do without the rest. */
@Component
public class CounterClient {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration TO_CONNECT = Duration.ofMillis(600);

    private final String counter;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TO_CONNECT).build();

    CounterClient(@Value("${countersign.counter.internal-url}") String counter) {
        this.counter = counter;
    }

    /** What it answers; fails if that is not 200, or takes longer than patience. */
    public CompletableFuture<JsonNode> get(String path, Duration patience) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(counter + path))
                .timeout(patience)
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(response -> {
                    if (response.statusCode() != 200) {
                        throw new IllegalStateException("the counter answers " + response.statusCode());
                    }
                    return JSON.readTree(response.body());
                });
    }
}
