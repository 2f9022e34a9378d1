package org.countersign.signature.web.organiser;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Calls the API of the notifier on behalf of an organiser.
 *
 * <p>This service has no credentials of the notifier. It forwards those that the organiser sent.
 */
@Component
class NotifierClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String notifier;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    NotifierClient(@Value("${countersign.notifier.internal-url}") String notifier) {
        this.notifier = notifier;
    }

    /**
     * A response of the notifier.
     *
     * @param status the HTTP status; 0 if the notifier did not answer
     * @param body the body as JSON; missing if there is none
     */
    record NotifierResponse(int status, JsonNode body) {

        private static final NotifierResponse NONE = new NotifierResponse(0, MissingNode.getInstance());

        boolean isSuccess() {
            return status / 100 == 2;
        }

        /** Returns the reason of a failure, as a sentence for the organiser. */
        String problem() {
            JsonNode error = body.path("errors").path(0);
            return status == 0
                    ? "The notifier does not answer. Please try again in a minute."
                    : error.isObject()
                            ? error.path("field").asString() + " "
                                    + error.path("message").asString()
                            : body.path("detail").asString("The notifier rejected the request.");
        }
    }

    /**
     * Sends a request without a body.
     *
     * @param method the HTTP method
     * @param path the path with its query
     * @param authorization the Authorization header of the organiser's request
     */
    NotifierResponse call(String method, String path, String authorization) {
        return send(method, path, HttpRequest.BodyPublishers.noBody(), authorization);
    }

    /**
     * Sends a request with a body.
     *
     * @param method the HTTP method
     * @param path the path with its query
     * @param body is sent as JSON
     * @param authorization the Authorization header of the organiser's request
     */
    NotifierResponse call(String method, String path, Object body, String authorization) {
        return send(method, path, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)), authorization);
    }

    private NotifierResponse send(String method, String path, HttpRequest.BodyPublisher body, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(notifier + path))
                .timeout(TIMEOUT)
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .method(method, body);
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new NotifierResponse(
                    response.statusCode(),
                    response.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(response.body()));
        } catch (IOException e) {
            return NotifierResponse.NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NotifierResponse.NONE;
        }
    }
}
