package org.countersign.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.countersign.localstack.client.UserException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of an organiser. They may take any time, because a preview reads all signatures of a petition. */
final class BenchmarkOrganiser {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client = HttpClient.newHttpClient();
    private final String base;
    private final String authorization;

    BenchmarkOrganiser(BenchmarkStack stack) {
        this.base = "http://127.0.0.1:" + stack.ports().signatureService();
        this.authorization = "Basic "
                + Base64.getEncoder()
                        .encodeToString(BenchmarkStack.organiser().orElseThrow().getBytes(StandardCharsets.UTF_8));
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send(path, HttpRequest.newBuilder().GET());
    }

    JsonNode post(String path, Map<String, ?> body) throws IOException, InterruptedException {
        return send(path, HttpRequest.newBuilder().POST(json(body)));
    }

    JsonNode put(String path, Map<String, ?> body) throws IOException, InterruptedException {
        return send(path, HttpRequest.newBuilder().PUT(json(body)));
    }

    private static HttpRequest.BodyPublisher json(Map<String, ?> body) {
        return HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
    }

    /** @throws UserException if the service refuses the call */
    private JsonNode send(String path, HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                request.uri(URI.create(base + path))
                        .header("Authorization", authorization)
                        .header("Content-Type", "application/json")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new UserException(path + " was answered " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }
}
