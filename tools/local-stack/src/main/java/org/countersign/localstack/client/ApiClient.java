package org.countersign.localstack.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls a running stack over HTTP. */
public final class ApiClient {

    /** What the stack answered. */
    public record ApiResponse(int status, String body) {

        public JsonNode json() {
            return JSON.readTree(body);
        }

        /** What a problem detail says, in a line. */
        String problem() {
            StringBuilder text = new StringBuilder(status + ": ");
            JsonNode problem = body.startsWith("{") ? json() : JSON.createObjectNode();
            text.append(problem.path("detail").asString(problem.path("title").asString("no reason given")));
            problem.path("errors")
                    .forEach(error -> text.append(System.lineSeparator())
                            .append("  ")
                            .append(error.path("field").asString())
                            .append(' ')
                            .append(error.path("message").asString()));
            return text.toString();
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** @throws UserException if nothing answers there */
    public ApiResponse get(int port, String path, Optional<String> credentials) {
        return send(port, path, HttpRequest.newBuilder(), credentials);
    }

    /**
     * A service's metrics now.
     *
     * @throws UserException if nothing answers there
     */
    public MetricsSnapshot metrics(int port) {
        return new MetricsSnapshot(
                get(port, "/actuator/prometheus", Optional.empty()).body());
    }

    /** @throws UserException if nothing answers there */
    public ApiResponse post(int port, String path, Object body, Optional<String> credentials) {
        return send(
                port,
                path,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))),
                credentials);
    }

    /**
     * Reads an answer that comes line by line, each a JSON object, however long it takes.
     *
     * @throws UserException if nothing answers there, or with a problem
     */
    public void lines(int port, String method, String path, Optional<String> credentials, Consumer<JsonNode> line) {
        HttpResponse<Stream<String>> response = call(
                port,
                path,
                HttpRequest.newBuilder().method(method, HttpRequest.BodyPublishers.noBody()),
                credentials,
                HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
                throw new UserException(
                        new ApiResponse(response.statusCode(), lines.collect(Collectors.joining())).problem());
            }
            lines.map(JSON::readTree).forEach(line);
        } catch (UncheckedIOException e) {
            throw new UserException("The answer from port " + port + " broke off.");
        }
    }

    private ApiResponse send(int port, String path, HttpRequest.Builder request, Optional<String> credentials) {
        HttpResponse<String> response =
                call(port, path, request.timeout(PATIENCE), credentials, HttpResponse.BodyHandlers.ofString());
        return new ApiResponse(response.statusCode(), response.body());
    }

    private <T> HttpResponse<T> call(
            int port,
            String path,
            HttpRequest.Builder request,
            Optional<String> credentials,
            HttpResponse.BodyHandler<T> body) {
        credentials.ifPresent(value -> request.header(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        try {
            return client.send(
                    request.uri(URI.create("http://127.0.0.1:" + port + path)).build(), body);
        } catch (IOException e) {
            throw new UserException("Nothing answers on port " + port + ". Start the stack with: countersign up");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("Stopped.");
        }
    }

    /**
     * The answer, if it has the status that is wanted.
     *
     * @throws UserException with what the stack says is wrong
     */
    public static ApiResponse require(int status, ApiResponse answer) {
        if (answer.status() != status) {
            throw new UserException(answer.problem());
        }
        return answer;
    }

    /**
     * The organiser's credentials from the environment.
     *
     * @throws UserException if they are not there
     */
    public static Optional<String> organiser() {
        return required("organiser");
    }

    /** The organiser's credentials, if the environment has them. */
    public static Optional<String> organiserIfKnown() {
        return credentials("organiser");
    }

    /**
     * The auditor's credentials from the environment.
     *
     * @throws UserException if they are not there
     */
    public static Optional<String> auditor() {
        return required("auditor");
    }

    private static Optional<String> required(String user) {
        return credentials(user).or(() -> {
            throw new UserException("Set " + variable(user) + " to the " + user
                    + "'s password; it was printed when the stack first started.");
        });
    }

    private static Optional<String> credentials(String user) {
        return Optional.ofNullable(System.getenv(variable(user)))
                .filter(password -> !password.isEmpty())
                .map(password -> user + ":" + password);
    }

    private static String variable(String user) {
        return "COUNTERSIGN_" + user.toUpperCase(Locale.ROOT) + "_PASSWORD";
    }
}
