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
import org.countersign.localstack.net.Endpoint;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP client for the services of a running stack. */
public final class ApiClient {

    /** A response of a service. */
    public record ApiResponse(int status, String body) {

        /** Parses the body as JSON. */
        public JsonNode json() {
            return JSON.readTree(body);
        }

        /** Formats the problem detail: its text, and one line for each field error. */
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
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    /**
     * Sends a GET request.
     *
     * @param credentials user and password, separated by a colon
     * @throws UserException if the service does not respond
     */
    public ApiResponse get(int port, String path, Optional<String> credentials) {
        return get(Endpoint.loopback(port), path, credentials);
    }

    /**
     * Sends a GET request.
     *
     * @param credentials user and password, separated by a colon
     * @throws UserException if the service does not respond
     */
    public ApiResponse get(Endpoint endpoint, String path, Optional<String> credentials) {
        return send(endpoint, path, HttpRequest.newBuilder(), credentials);
    }

    /**
     * Reads the current metrics of a service.
     *
     * @param port the service's management port
     * @throws UserException if the service does not respond
     */
    public MetricsSnapshot metrics(int port) {
        return metrics(Endpoint.loopback(port));
    }

    /**
     * Reads the current metrics of one instance of a service.
     *
     * @param management where the instance shows its metrics
     * @throws UserException if the instance does not respond
     */
    public MetricsSnapshot metrics(Endpoint management) {
        return new MetricsSnapshot(
                get(management, "/actuator/prometheus", Optional.empty()).body());
    }

    /**
     * Sends a POST request with a JSON body.
     *
     * @param credentials user and password, separated by a colon
     * @throws UserException if the service does not respond
     */
    public ApiResponse post(int port, String path, Object body, Optional<String> credentials) {
        return send(Endpoint.loopback(port), "POST", path, body, credentials);
    }

    /**
     * Sends a request with a JSON body.
     *
     * @param method the HTTP method, for example PUT
     * @param credentials user and password, separated by a colon
     * @throws UserException if the service does not respond
     */
    public ApiResponse send(Endpoint endpoint, String method, String path, Object body, Optional<String> credentials) {
        return send(
                endpoint,
                path,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))),
                credentials);
    }

    /**
     * Streams a response of JSON objects, one for each line, without a timeout.
     *
     * @throws UserException if the service does not respond, responds with a problem, or ends the response early
     */
    public void lines(int port, String method, String path, Optional<String> credentials, Consumer<JsonNode> line) {
        HttpResponse<Stream<String>> response = call(
                Endpoint.loopback(port),
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
            throw new UserException("The response from port " + port + " ended early.");
        }
    }

    private ApiResponse send(
            Endpoint endpoint, String path, HttpRequest.Builder request, Optional<String> credentials) {
        HttpResponse<String> response =
                call(endpoint, path, request.timeout(TIMEOUT), credentials, HttpResponse.BodyHandlers.ofString());
        return new ApiResponse(response.statusCode(), response.body());
    }

    private <T> HttpResponse<T> call(
            Endpoint endpoint,
            String path,
            HttpRequest.Builder request,
            Optional<String> credentials,
            HttpResponse.BodyHandler<T> body) {
        credentials.ifPresent(value -> request.header(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        try {
            return client.send(request.uri(URI.create(endpoint.url() + path)).build(), body);
        } catch (IOException e) {
            throw new UserException(
                    "No response on port " + endpoint.port() + ". Start the stack with: countersign up");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("Stopped.");
        }
    }

    /**
     * Returns the response if it has the expected status.
     *
     * @throws UserException with the problem detail if the status is different
     */
    public static ApiResponse require(int status, ApiResponse response) {
        if (response.status() != status) {
            throw new UserException(response.problem());
        }
        return response;
    }

    /**
     * Returns the organiser's credentials from the environment.
     *
     * @throws UserException if they are not set
     */
    public static Optional<String> organiser() {
        return required("organiser");
    }

    /** Returns the organiser's credentials from the environment, if they are set. */
    public static Optional<String> organiserIfKnown() {
        return credentials("organiser");
    }

    /**
     * Returns the auditor's credentials from the environment.
     *
     * @throws UserException if they are not set
     */
    public static Optional<String> auditor() {
        return required("auditor");
    }

    /** Returns the credentials of the organiser or else of the auditor from the environment, if they are set. */
    public static Optional<String> organiserOrAuditorIfKnown() {
        return credentials("organiser").or(() -> credentials("auditor"));
    }

    /**
     * Returns the credentials of the organiser or else of the auditor from the environment.
     *
     * @throws UserException if neither are set
     */
    public static Optional<String> organiserOrAuditor() {
        return organiserOrAuditorIfKnown().or(() -> required("organiser"));
    }

    private static Optional<String> required(String user) {
        return credentials(user).or(() -> {
            throw new UserException("Set " + variable(user) + " to the " + user
                    + "'s password, which the first start of the stack printed.");
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
