package org.countersign.faulttest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.countersign.localstack.net.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a POST request over a separate connection, as from a signer's browser.
 *
 * @param status the HTTP status, 0 without a response
 * @param body the body of the response
 * @param retryAfter the Retry-After header, null if it is absent
 */
record PostAttempt(int status, String body, @Nullable String retryAfter) {

    private static final PostAttempt NO_RESPONSE = new PostAttempt(0, "", null);

    /** Returns whether the response reports success. */
    boolean isSuccessful() {
        return status / 100 == 2;
    }

    /** Returns whether the client should repeat the request. */
    boolean isRetryable() {
        return status == 0 || (status == 503 || status == 429) && retryAfter != null;
    }

    /**
     * Sends a POST request. It repeats the request once after a refused connection, because the instance behind the
     * port may have been replaced.
     */
    static PostAttempt post(int port, String path, String json, Duration timeout) {
        return post(Endpoint.loopback(port), path, json, timeout);
    }

    /** Sends a POST request as {@link #post(int, String, String, Duration)} does, to any address of this machine. */
    static PostAttempt post(Endpoint endpoint, String path, String json, Duration timeout) {
        try {
            return attempt(endpoint, path, json, timeout);
        } catch (ConnectException refused) {
            try {
                return attempt(endpoint, path, json, timeout);
            } catch (IOException e) {
                return NO_RESPONSE;
            }
        } catch (IOException e) {
            return NO_RESPONSE;
        }
    }

    private static PostAttempt attempt(Endpoint endpoint, String path, String json, Duration timeout)
            throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(endpoint.url() + path).toURL().openConnection(Proxy.NO_PROXY);
        try {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("Connection", "close");
            // Without this setting, the JDK repeats requests on its own, and the test would not know of them.
            connection.setFixedLengthStreamingMode(body.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            int status = connection.getResponseCode();
            try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new PostAttempt(
                        status,
                        in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8),
                        connection.getHeaderField("Retry-After"));
            }
        } finally {
            connection.disconnect();
        }
    }
}
