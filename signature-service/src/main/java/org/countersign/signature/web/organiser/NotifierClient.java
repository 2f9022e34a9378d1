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
 * Asks the notifier in an organiser's name: with the credentials they sent, since this service has none that would open
 * it.
 */
@Component
class NotifierClient {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String notifier;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    NotifierClient(@Value("${countersign.notifier.internal-url}") String notifier) {
        this.notifier = notifier;
    }

    /**
     * What it answered.
     *
     * @param status of HTTP; 0 if it could not be reached
     */
    record Answer(int status, JsonNode body) {

        private static final Answer NONE = new Answer(0, MissingNode.getInstance());

        boolean isGood() {
            return status / 100 == 2;
        }

        /** Why it was not done, for people. */
        String problem() {
            JsonNode error = body.path("errors").path(0);
            return status == 0
                    ? "The notifier does not answer. Please try again in a minute."
                    : error.isObject()
                            ? error.path("field").asString() + " "
                                    + error.path("message").asString()
                            : body.path("detail").asString("It could not be done.");
        }
    }

    /** @param body null for none */
    Answer call(String method, String path, Object body, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(notifier + path))
                .timeout(PATIENCE)
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    response.statusCode(),
                    response.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(response.body()));
        } catch (IOException e) {
            return Answer.NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.NONE;
        }
    }
}
