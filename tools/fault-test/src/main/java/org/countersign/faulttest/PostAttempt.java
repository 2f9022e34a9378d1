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

/**
 * What became of a POST over a connection of its own, as people's browsers make it.
 *
 * @param status the answer's status, 0 if there was no answer
 * @param body of the answer
 * @param retryAfter its header of that name, null if it has none
 */
record PostAttempt(int status, String body, String retryAfter) {

    private static final PostAttempt UNANSWERED = new PostAttempt(0, "", null);

    /** Whether it was done, as far as the caller can know. */
    boolean isDone() {
        return status / 100 == 2;
    }

    /** Whether the answer says when to come back, or there is none. */
    boolean isToBeRepeated() {
        return status == 0 || (status == 503 || status == 429) && retryAfter != null;
    }

    /**
     * Posts; where the connection is refused, once more: whoever stands behind the port may just have been exchanged.
     */
    static PostAttempt post(int port, String path, String json, Duration patience) {
        try {
            return attempt(port, path, json, patience);
        } catch (ConnectException refused) {
            try {
                return attempt(port, path, json, patience);
            } catch (IOException e) {
                return UNANSWERED;
            }
        } catch (IOException e) {
            return UNANSWERED;
        }
    }

    private static PostAttempt attempt(int port, String path, String json, Duration patience) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection(Proxy.NO_PROXY);
        try {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            connection.setConnectTimeout((int) patience.toMillis());
            connection.setReadTimeout((int) patience.toMillis());
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("Connection", "close");
            // Otherwise the JDK sends again by itself what was not answered, and the record would not know.
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
