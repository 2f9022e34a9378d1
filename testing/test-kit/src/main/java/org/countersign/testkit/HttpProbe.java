package org.countersign.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls a service on loopback and returns every response, whatever its status. It follows no redirects. */
public final class HttpProbe {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final int port;

    /** @param port the service's port on localhost */
    public HttpProbe(int port) {
        this.port = port;
    }

    /** A response with its body as text. */
    public record Response(int status, String body, HttpHeaders headers) {

        /** Returns the body as JSON. */
        public JsonNode json() {
            return JSON.readTree(body);
        }
    }

    /**
     * Returns the header of HTTP Basic as name and value.
     *
     * @param credentials user and password, separated by a colon
     */
    public static String[] basic(String credentials) {
        String value = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return new String[] {"Authorization", "Basic " + value};
    }

    /** Returns the address of a path of the service. */
    public URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    /**
     * Sends a GET request.
     *
     * @param path the path with its query
     * @param headers names and values in turn
     */
    public Response get(String path, String... headers) {
        return send(HttpRequest.newBuilder(uri(path)), headers);
    }

    /**
     * Sends a request with a JSON body.
     *
     * @param method the HTTP method
     * @param path the path with its query
     * @param json the body
     * @param headers names and values in turn
     */
    public Response sendJson(String method, String path, String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json));
        return send(request, headers);
    }

    /**
     * Sends a request.
     *
     * @param request its address, method and body
     * @param headers more headers, names and values in turn
     */
    public Response send(HttpRequest.Builder request, String... headers) {
        HttpResponse<String> response = send(request, HttpResponse.BodyHandlers.ofString(), headers);
        return new Response(response.statusCode(), response.body(), response.headers());
    }

    /**
     * Sends a request whose response is not text.
     *
     * @param request its address, method and body
     * @param body reads the response's body
     * @param headers more headers, names and values in turn
     * @throws UncheckedIOException if the service does not answer
     */
    public <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return CLIENT.send(request.build(), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a response", e);
        }
    }
}
